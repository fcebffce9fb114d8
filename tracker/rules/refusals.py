"""Refusals: an act that is not done, with the sentence that the user sees."""


class Refusal(Exception):
    """An act is refused.  `sentence` is shown to the user; `status` is the HTTP status it answers with."""

    status = 409

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


class NotFound(Refusal):
    """The record does not exist, or belongs to somebody else: the two must look the same."""

    status = 404

    def __init__(self, sentence: str = "没有找到这条记录，可能已被移走，或不在您的管理范围内。") -> None:
        super().__init__(sentence)


class Forbidden(Refusal):
    status = 403

    def __init__(self, sentence: str = "您的岗位没有这项权限。如需办理，请联系领导小组办公室。") -> None:
        super().__init__(sentence)


class Invalid(Refusal):
    """What was typed or handed in is not acceptable; the sentence says what, where, and what to do."""

    status = 422


class Stale(Refusal):
    """Somebody saved the record meanwhile; `theirs` is what stands now, so that both texts can be shown."""

    def __init__(self, sentence: str, theirs: object = None) -> None:
        super().__init__(sentence)
        self.theirs = theirs
