"""Channels (通知渠道): by which ways a message leaves the ledger."""

from enum import StrEnum


class ChannelKind(StrEnum):
    MAIL = "mail"
    WECOM = "wecom"
    DINGTALK = "dingtalk"
    FEISHU = "feishu"
    WEBHOOK = "webhook"

    @property
    def label(self) -> str:
        return {
            ChannelKind.MAIL: "电子邮件",
            ChannelKind.WECOM: "企业微信机器人",
            ChannelKind.DINGTALK: "钉钉机器人",
            ChannelKind.FEISHU: "飞书机器人",
            ChannelKind.WEBHOOK: "通用接口",
        }[self]
