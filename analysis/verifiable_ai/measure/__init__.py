"""Measure what proving costs on this machine: the command ``measure-zkml``, which decides no verdict.

`circuits` says what is proved, `plan` in which order and at what expected cost, `stage` runs one stage of one proof in
its own process, `processes` starts and watches that process, `prover` joins the stages to one row, `table` keeps the
rows through interruptions, and `measure` goes through the plan.
"""
