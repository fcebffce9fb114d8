"""The work-plan ledger (工作计划台账)."""
