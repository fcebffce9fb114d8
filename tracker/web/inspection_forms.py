"""The form of an inspection's plan."""

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

from wtforms import BooleanField, Field, SelectMultipleField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import Length, ValidationError

from tracker.ledger.inspections import InspectionText
from tracker.ledger.tables.accounts import Person
from tracker.ledger.tables.inspections import Inspection
from tracker.rules import inspection_results as result_rules
from tracker.rules import inspections as rules
from tracker.rules.inspections import Dates, Method, Reach
from tracker.rules.refusals import Invalid
from tracker.rules.sampling import LONGEST_SEED, Candidate
from tracker.web.fields import Choice, DayField, Filled, IdsField, WholeNumberField, trimmed, version_field
from tracker.web.forms import TokenlessForm


class TicksField(SelectMultipleField):  # type: ignore[misc]
    """Boxes to tick: values of the options given."""

    def __init__(self, label: str, options: Iterable[tuple[str, str]], **kwargs: Any) -> None:
        choices = [SelectChoice(value, text) for value, text in options]
        super().__init__(label, choices=choices, validate_choice=False, **kwargs)

    def process_formdata(self, valuelist: Sequence[str]) -> None:
        known = [choice.value for choice in self.choices]
        self.data = [value for value in known if value in valuelist]


class InspectionForm(TokenlessForm):
    version = version_field()
    title = StringField(
        "检查名称",
        [Filled("请填写“检查名称”。"), Length(max=rules.LONGEST_TITLE, message="“检查名称”最多 100 字。")],
        filters=[trimmed],
    )
    basis = TextAreaField("检查依据", [Filled("请填写“检查依据”。")], filters=[trimmed])
    criteria = TicksField("检查内容", [(name, name) for name in result_rules.STANDARD_CRITERIA])
    own_criteria = TextAreaField("其他检查内容", filters=[trimmed])
    methods = TicksField("检查方式", [(method.value, method.label) for method in Method])
    reach = Choice("被检查单位", [(reach.value, reach.label) for reach in Reach])
    units = IdsField("指定单位")
    sample_size = WholeNumberField("抽取数量", 1, 9999)
    seed = StringField(
        "抽取号码", [Length(max=LONGEST_SEED, message=f"抽取号码最多 {LONGEST_SEED} 字。")], filters=[trimmed]
    )
    by_group = BooleanField("按单位组分层抽取")
    checkers = IdsField("检查人员")
    starts_on = DayField("检查开始日期", [Filled("请填写“检查开始日期”。")])
    ends_on = DayField("检查结束日期", [Filled("请填写“检查结束日期”。")])
    self_check_due = DayField("自查截止日期")
    answer_days = WholeNumberField("单位确认期限（工作日）", 1, rules.MOST_ANSWER_DAYS)

    def offer(self, roster: Iterable[Candidate], people: Iterable[Person]) -> None:
        self.units.choices = [SelectChoice(str(each.unit_id), each.name) for each in roster]
        self.checkers.choices = [SelectChoice(str(person.id), person.name) for person in people]

    def validate_criteria(self, _field: Field) -> None:
        try:
            rules.check_criteria(self._criteria)
        except Invalid as refusal:
            raise ValidationError(refusal.sentence) from None

    def validate_methods(self, field: Field) -> None:
        if not field.data:
            raise ValidationError("请至少选择一种检查方式。")

    def validate_checkers(self, field: Field) -> None:
        if not field.data:
            raise ValidationError("请选择检查人员。")

    def validate_units(self, field: Field) -> None:
        if self.reach.data == Reach.CHOSEN and not field.data:
            raise ValidationError("请选择被检查单位。")

    def validate_sample_size(self, field: Field) -> None:
        if self.reach.data == Reach.SAMPLE and field.data is None and not field.errors:
            raise ValidationError(f"请填写抽取数量（名册中有 {len(self.units.choices)} 个单位）。")

    def validate_seed(self, field: Field) -> None:
        if self.reach.data == Reach.SAMPLE and not field.data:
            raise ValidationError("请填写抽取号码，如当天公开的开奖号码。")

    def validate_answer_days(self, field: Field) -> None:
        if field.data is None and not field.errors:
            raise ValidationError(f"请填写 1 至 {rules.MOST_ANSWER_DAYS} 个工作日。")

    @property
    def _criteria(self) -> list[str]:
        return [*(self.criteria.data or ()), *self.own_criteria.data.splitlines()]

    def begin(self, title: str, basis: str, today: date, ends_on: date, seed: str) -> None:
        """What stands in a new one."""
        self.title.data, self.basis.data, self.seed.data = title, basis, seed
        self.criteria.data = list(result_rules.STANDARD_CRITERIA)
        self.methods.data = [Method.MATERIALS.value, Method.ON_SITE.value]
        self.reach.data, self.answer_days.data = Reach.ALL.value, rules.DEFAULT_ANSWER_DAYS
        self.starts_on.data, self.ends_on.data = today, ends_on

    def show(self, inspection: Inspection) -> None:
        """What was planned, for changing it."""
        own = [name for name in inspection.criteria if name not in result_rules.STANDARD_CRITERIA]
        self.version.data, self.title.data, self.basis.data = inspection.version, inspection.title, inspection.basis
        self.criteria.data = [name for name in inspection.criteria if name not in own]
        self.own_criteria.data, self.methods.data = "\n".join(own), list(inspection.methods)
        self.reach.data = inspection.reach.value
        self.units.data = [part.unit_id for part in inspection.parts]
        self.sample_size.data, self.seed.data = inspection.sample_size, inspection.seed
        self.by_group.data = inspection.by_group
        self.checkers.data = [member.person_id for member in inspection.team]
        self.starts_on.data, self.ends_on.data = inspection.starts_on, inspection.ends_on
        self.self_check_due.data, self.answer_days.data = inspection.self_check_due, inspection.answer_days

    def what(self) -> InspectionText:
        """What was filled in, once the form was found valid."""
        assert self.starts_on.data is not None
        assert self.ends_on.data is not None
        return InspectionText(
            title=self.title.data,
            basis=self.basis.data,
            criteria=self._criteria,
            methods=[Method(value) for value in self.methods.data],
            dates=Dates(self.starts_on.data, self.ends_on.data, self.self_check_due.data),
            checkers=self.checkers.data,
            reach=Reach(self.reach.data),
            unit_ids=self.units.data,
            sample_size=self.sample_size.data or 0,
            seed=self.seed.data,
            by_group=self.by_group.data,
            answer_days=self.answer_days.data or rules.DEFAULT_ANSWER_DAYS,
        )

    def differing(self, inspection: Inspection) -> list[tuple[str, str, str]]:
        """Field, what stands now, what was typed: where the texts are not the same."""
        pairs = (
            ("检查名称", inspection.title, self.title.data),
            ("检查依据", inspection.basis, self.basis.data),
            ("检查内容", "、".join(inspection.criteria), "、".join(self._criteria)),
        )
        return [(label, theirs, mine) for label, theirs, mine in pairs if theirs != mine]

    def renew(self, version: int) -> None:
        """Whoever has seen both texts may send theirs again."""
        self.version.data, self.version.raw_data = version, None
