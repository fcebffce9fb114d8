"""The forms of findings: recording one, and each step of its rectification."""

from collections.abc import Iterable

from flask_wtf.file import FileField
from wtforms import Field, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from tracker.ledger.findings import FindingText
from tracker.ledger.tables.findings import Finding
from tracker.ledger.tables.plans import Item
from tracker.rules.findings import CRITERIA, LONGEST_CRITERION, LONGEST_TEXT, FindingSource
from tracker.rules.quarters import Quarter
from tracker.rules.reports import ProgressClass
from tracker.web.evidence_forms import EvidenceForm
from tracker.web.fields import Choice, DayField, Filled, trimmed, version_field

OTHER = "其他"


class ProofForm(EvidenceForm):
    """What is typed beside a file and an address that prove it."""

    version = version_field()
    link = StringField("佐证网址", filters=[trimmed])
    file = FileField("佐证文件")

    def renew(self, version: int) -> None:
        """Whoever has seen both texts may send theirs again."""
        self.version.data, self.version.raw_data = version, None


class StepForm(ProofForm):
    """One step; what its text is called depends on the step, and the ledger says what is missing."""

    text = TextAreaField("内容", filters=[trimmed])


def _text(label: str) -> TextAreaField:
    sentences = (f"请填写“{label}”。", f"“{label}”最多 {LONGEST_TEXT} 字。")
    checks = [Filled(sentences[0]), Length(max=LONGEST_TEXT, message=sentences[1])]
    return TextAreaField(label, checks, filters=[trimmed])


class FindingForm(ProofForm):
    item = Choice("涉及任务", [])
    quarter = Choice("所属季度", [])
    source = Choice("问题来源", [(source.value, source.label) for source in FindingSource])
    criterion = Choice("检查内容", [(name, name) for name in (*CRITERIA, OTHER)])
    other = StringField("其他标准", filters=[trimmed])
    verified_class = Choice(
        "核查认定的进度等次", [("", "（不作认定）"), *((each.value, each.label) for each in ProgressClass)]
    )
    problem = _text("存在问题")
    basis = _text("检查依据")
    demand = _text("整改要求")
    due = DayField("整改期限", [Filled("请填写“整改期限”。")])

    def offer(self, items: Iterable[Item], quarters: Iterable[Quarter]) -> None:
        labels = (SelectChoice(str(item.id), f"第 {item.position} 项　{item.short}") for item in items)
        self.item.choices = [SelectChoice("", "（不涉及具体任务）"), *labels]
        self.quarter.choices = [SelectChoice(str(quarter), quarter.label) for quarter in quarters]

    def validate_other(self, field: Field) -> None:
        if self.criterion.data == OTHER and not 0 < len(field.data) <= LONGEST_CRITERION:
            raise ValidationError(f"请写明检查内容，最多 {LONGEST_CRITERION} 字。")

    def show(self, finding: Finding) -> None:
        """What was recorded, for changing it."""
        self.item.data = str(finding.item_id or "")
        self.quarter.data, self.source.data = str(finding.quarter), finding.source.value
        known = finding.criterion in CRITERIA
        self.criterion.data = finding.criterion if known else OTHER
        self.other.data = "" if known else finding.criterion
        self.verified_class.data = finding.verified_class.value if finding.verified_class else ""
        self.problem.data, self.basis.data, self.demand.data = finding.problem, finding.basis, finding.demand
        self.due.data, self.version.data = finding.due, finding.version

    def what(self, items: Iterable[Item]) -> FindingText:
        """What was filled in, once the form was found valid."""
        assert self.due.data is not None
        chosen = self.verified_class.data
        return FindingText(
            quarter=Quarter.parse(self.quarter.data),
            source=FindingSource(self.source.data),
            criterion=self.other.data if self.criterion.data == OTHER else self.criterion.data,
            problem=self.problem.data,
            basis=self.basis.data,
            demand=self.demand.data,
            due=self.due.data,
            item=next((item for item in items if str(item.id) == self.item.data), None),
            verified_class=ProgressClass(chosen) if chosen else None,
        )

    def differing(self, finding: Finding) -> list[tuple[str, str, str]]:
        """Field, what stands now, what was typed: where the two are not the same."""
        pairs = (
            ("检查内容", finding.criterion, self.other.data if self.criterion.data == OTHER else self.criterion.data),
            ("存在问题", finding.problem, self.problem.data),
            ("检查依据", finding.basis, self.basis.data),
            ("整改要求", finding.demand, self.demand.data),
            ("整改期限", finding.due.isoformat(), self.due.data.isoformat() if self.due.data else ""),
        )
        return [(label, theirs, mine) for label, theirs, mine in pairs if theirs != mine]
