"""Lines that surround a plan on a web page or in a print, and are no part of it."""

import re
from collections.abc import Iterator

_PAGE = re.compile(
    r"\s*(?:[—\-–－―]+\s*\d{1,4}\s*[—\-–－―]+|第\s*\d+\s*页(?:\s*[,，/]?\s*共\s*\d+\s*页)?|\d{1,3}\s*/\s*\d{1,3})\s*"
)
_CONTENTS = re.compile(r"\s*目\s*[录次]\s*")
_IN_CONTENTS = re.compile(r"\s*(?P<heading>\S.{0,60}?)\s*(?:[.．·…—\-]{3,}|\t)[\s.．·…—\-]*[（(]?\d{1,3}[)）]?\s*")
_BREADCRUMB = re.compile(r"(?:您?(?:现在|当前)?的?位置\s*[:：]|首页\s*[>»›＞/]).*|.*[>»›＞].*[>»›＞].*")
_LABELS = (
    "索引号|索 引 号|信息分类|内容分类|主题分类|公文种类|发文日期|成文日期|发布机构|发文机关|发文机构|生成日期|"
    "来源单位|生效时间|废止时间|有效性|名称|文号|发文字号|主题词|关键词|信息来源|信息名称|公开日期|公开方式|公开范围|公开时限|发布日期|发布时间|"
    "时间|日期|来源|来源网站|作者|编辑|责任编辑|审核|浏览次数|浏览量|阅读次数|阅读量|点击数|点击率|访问量|字号|字体|文字大小|"
    "背景色|标签|分享到|分享|打印|上一篇|下一篇|上一条|下一条|链接地址|版权"
)
_LABEL = re.compile(rf"(?:^|\s|\[|【)(?:{_LABELS})\s*[:：]")
_CONTROLS = re.compile(
    r"[\[【]?(?:我要纠错|文件下载|附件下载|政策咨询|政策解读|政策原文|相关解读|返回\w{0,8}|返回顶部|关闭窗口|关闭|打印本页|"
    r"打印|收藏|纠错|分享到?|扫一扫\S{0,12}|扫码\S{0,10}|字体\s*[:：]?.*|大\s*中\s*小|[←<«]\s*上一[篇页条].*|"
    r"下一[篇页条]\s*[→>»]?.*|(?:- )?[上下]一[篇条页]\s*[:：].*|首页|网站地图|联系我们|加入收藏|无障碍\S{0,6}|"
    r"点击\S{0,10}|下载|展开全文|阅读全文|登录|注册)[\]】]?"
)
_TAIL = re.compile(
    r"[\[【]?.{0,40}[\]】]?(?:相关(?:文章|链接|阅读|稿件|解读|推荐|新闻|附件|文件|信息)|推荐阅读|延伸阅读|热门(?:文章|推荐)|猜你喜欢)[:：]?\s*|"
    r".*(?:免责声明|版权声明|版权所有|侵权|网站标识码|ICP备|公网安备).*|"
    r"来源\s*[:：].*(?:网络|转载|整理).*|.*如您?对.{0,14}有疑问.*拨打.*"
)
# What begins the furniture under a text whose line breaks were lost.
_AFTER_TEXT = re.compile(
    r"(?<=[。！）)\]】\s\d])\s*(?:[\[【][^\[\]【】]{0,40}[\]】]相关|相关(?:文章|链接|阅读|稿件|解读|推荐|新闻)|[\[【]?(?:打印本页|关闭窗口|打印\s*关闭|返回\w{0,6}列表|[←«]|"
    r"文件下载|附件下载|我要纠错|返回顶部|加入收藏|扫一扫|分享到|版权所有|免责声明|推荐阅读|延伸阅读|热门文章)|"
    r"(?:- )?[上下]一[篇条页]\s*[:：]|"
    r"(?:责任编辑|信息来源|来源|编辑|作者|审核|浏览次数|阅读次数|点击数|访问量|标签|主办单位|承办单位|网站标识码)\s*[:：])|"
    r"来源\s*[:：]\s*(?:网络|互联网|网友)|免责声明\s*[:：]"
)
_LINK = re.compile(r"\s*(?:- |\[?https?://)\S.*")
_DOCUMENT_NUMBER = re.compile(
    r"\s*\S{1,10}[〔\[（(【]\s*(?:\d{4}|[xX×]{2,4})\s*[〕\])）】]\s*(?:第?\s*[\dxX×]+\s*号)\s*"
)
_DATE = r"\d{4}\s*年\s*\d{1,2}\s*月\s*\d{1,2}\s*日"
_SIGNED_DATE = re.compile(
    rf"\s*(?:{_DATE}|[二〇○零一二三四五六七八九]{{4}}年[一二三四五六七八九十]{{1,2}}月[一二三四五六七八九十]{{1,3}}日|"
    r"20\d{5,6}|20\d{2}[-./]\d{1,2}[-./]\d{1,2}(?:\s+\d[\d:]*)?)\s*"
)
_NOTE = re.compile(r"\s*[（(]\s*(?:此件|本文|联系人|联系电话|注\s*[:：]).{0,40}[)）]\s*")
_ENCLOSURE = re.compile(
    r"\s*附\s*件\s*\d{0,2}\s*(?:[:：].*)?|\s*抄\s*送\s*[:：].*|.{2,30}(?:办公室|办公厅)\s*20\d\d年\d+月\d+日印发\s*"
)
_ADDRESSEE = re.compile(
    r"(?:各|[^。；;，,]{2,30}(?:政府|委员会|局|委|办|部门|单位|公司|科室|股室)[，、：:])[^。；;]{0,300}(?<=[:：])"
)


_LONGEST = 300  # characters; a longer paragraph is text


def reason(line: str) -> str:
    """Why a line is no part of a plan, in a few words for the clerk; empty where it may be one."""
    text = line.strip()
    if len(text) > _LONGEST:
        return ""
    for pattern, words in _REASONS:
        if pattern.fullmatch(text):
            return words
    if len(text) < 120 and _LABEL.search(text) and "。" not in text:
        return "网页的栏目和信息"
    return ""


_REASONS = (
    (_PAGE, "页码"),
    (_BREADCRUMB, "网页的位置导航"),
    (_CONTROLS, "网页的按钮和链接"),
    (_TAIL, "网站的声明和推荐"),
    (_LINK, "链接"),
    (_DOCUMENT_NUMBER, "发文字号"),
    (_SIGNED_DATE, "日期"),
    (_NOTE, "公开说明"),
    (_ENCLOSURE, "附件、抄送说明"),
)


def is_contents(line: str) -> bool:
    """目录, above a table of contents."""
    return bool(_CONTENTS.fullmatch(line))


def heading_in_contents(line: str) -> str | None:
    """The heading in a line of a table of contents that leads to a page: 一、社会救助………1."""
    match = _IN_CONTENTS.fullmatch(line)
    return match["heading"] if match else None


def ends_the_text(line: str) -> bool:
    """Whether only furniture follows: link lists, disclaimers."""
    return len(line) <= _LONGEST and bool(_TAIL.fullmatch(line.strip()))


def labels(text: str) -> Iterator[re.Match[str]]:
    """The labels of a page's data on its document (发布日期：), wherever they stand."""
    return re.finditer(rf"(?:{_LABELS})\s*[:：](?:\s*[\[【]?大\s*中\s*小[\]】]?)?", text)


def after_text(text: str, start: int) -> int:
    """Where the furniture under a text begins, looked for from a place on; the text's end where there is none."""
    found = _AFTER_TEXT.search(text, start)
    return found.start() if found else len(text)


def is_page_number(line: str) -> bool:
    return bool(_PAGE.fullmatch(line))


def is_date(line: str) -> bool:
    return bool(_SIGNED_DATE.fullmatch(line))


def is_addressee(line: str) -> bool:
    """各县人民政府，市政府各部门： at the head of a notice."""
    return bool(_ADDRESSEE.fullmatch(line.strip()))
