"""Units, the names they are also known by, and groups of units with dated rosters."""

from datetime import date
from enum import StrEnum

from sqlalchemy import ForeignKey, String, UniqueConstraint
from sqlalchemy.orm import Mapped, mapped_column, relationship

from tracker.ledger.db import Record
from tracker.ledger.tables.organisations import Owned


class UnitKind(StrEnum):
    DEPARTMENT = "department"
    SECTION = "section"
    TOWN = "town"
    OTHER = "other"

    @property
    def label(self) -> str:
        return {
            UnitKind.DEPARTMENT: "部门",
            UnitKind.SECTION: "科室",
            UnitKind.TOWN: "乡镇（街道、园区）",
            UnitKind.OTHER: "其他",
        }[self]


class Unit(Owned, Record):
    """`founded_on` and `dissolved_on` are the first and the last day of its existence, None where unknown."""

    __tablename__ = "unit"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    parent_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    name: Mapped[str] = mapped_column(String(100))
    kind: Mapped[UnitKind] = mapped_column(default=UnitKind.DEPARTMENT)
    position: Mapped[int] = mapped_column(default=0)
    founded_on: Mapped[date | None]
    dissolved_on: Mapped[date | None]
    merged_into_id: Mapped[int | None] = mapped_column(ForeignKey("unit.id"))
    sample: Mapped[bool] = mapped_column(default=False)

    aliases: Mapped[list["UnitAlias"]] = relationship(back_populates="unit", order_by="UnitAlias.name")


class UnitAlias(Owned, Record):
    __tablename__ = "unit_alias"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    name: Mapped[str] = mapped_column(String(100))

    unit: Mapped[Unit] = relationship(back_populates="aliases")


class UnitGroup(Owned, Record):
    """A name that stands for a set of units: 各镇(园区、街道), 各科室."""

    __tablename__ = "unit_group"
    __table_args__ = (UniqueConstraint("organisation_id", "name"),)

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(String(100))

    memberships: Mapped[list["Membership"]] = relationship(back_populates="group", order_by="Membership.id")


class Membership(Record):
    """A unit in a group, from `starts_on` to `ends_on`, both included; None leaves that end open."""

    __tablename__ = "membership"

    id: Mapped[int] = mapped_column(primary_key=True)
    group_id: Mapped[int] = mapped_column(ForeignKey("unit_group.id"), index=True)
    unit_id: Mapped[int] = mapped_column(ForeignKey("unit.id"), index=True)
    starts_on: Mapped[date | None]
    ends_on: Mapped[date | None]

    group: Mapped[UnitGroup] = relationship(back_populates="memberships")
    unit: Mapped[Unit] = relationship()
