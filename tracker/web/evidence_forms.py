"""Forms with a file and an address beside what is typed: both are looked at before anything is kept."""

from flask_wtf.file import FileField
from werkzeug.datastructures import FileStorage
from wtforms import Field, StringField
from wtforms.validators import ValidationError

from tracker.rules.evidence import check_file, check_link
from tracker.rules.refusals import Invalid
from tracker.web import uploads
from tracker.web.forms import TokenlessForm


class EvidenceForm(TokenlessForm):
    """Whoever has the fields calls them by their own names."""

    link: StringField
    file: FileField

    def validate_link(self, field: Field) -> None:
        if field.data:
            try:
                check_link(field.data)
            except Invalid as refusal:
                raise ValidationError(refusal.sentence) from None

    def validate_file(self, _field: Field) -> None:
        if upload := self.upload:
            try:
                check_file(upload.filename or "", uploads.content_of(upload))
            except Invalid as refusal:
                raise ValidationError(refusal.sentence) from None

    @property
    def upload(self) -> FileStorage | None:
        chosen: FileStorage | None = self.file.data
        return chosen if chosen and chosen.filename else None
