//! PROS peer support that serves no goal of the recovery plan in force.
//!
//! ## What it finds
//! A PROS peer-support contact with no individual recovery plan in force on its day, or whose goal is not given or not among the goals of
//! the version in force.
//!
//! ## Why it matters
//! The service is directed at the participant's own goals as the plan has them. A gap in the record while nothing was counted; a violation
//! once units were accrued or a claim line names the contact.
//!
//! ## Authority
//! [R] Service Definition (New for Redesign in 2025).
//!
//! ## Evidence
//! The version of the plan with the latest effective date on or before the day (of two on one date the higher version), and the contact's goal.
//!
//! ## What it does not find
//! Whether the contact really served the goal. Strengthening somebody's commitment to a goal counts as serving it. No H0038, quarter-hour or daily
//! limit of MHOTRS applies to PROS.
//!
//! ## How to cure
//! Record the version that was in force, or correct the contact's goal. A version effective later does not reach back: the gap stays.

use domain::words::PlanKind;
use rules::{Case, Check, Checked, Citation, Class, Params, Rule, Scope, Verdict};

/// The rule.
pub const RULE: Rule = Rule {
    id: "PROS-IRP-01",
    title: "PROS peer support without a goal of the recovery plan in force",
    authority: &[Citation::peer_role(
        "Service Definition (New for Redesign in 2025)",
        "directed toward achievement of the participant's goals, as documented in their IRP",
    )],
    classes: &[Class::Violation, Class::Documentation],
    version: 1,
    scope: Scope::Pros,
    params: include_str!("params.toml"),
    source: include_str!("mod.rs"),
    check: Check::Contact(check),
};

fn check(case: &Case<'_>, _: &Params<'_>) -> Checked {
    let Some(start) = super::begun(case)? else { return Ok(Verdict::NotApplicable) };
    let (view, day, c) = (case.view(), case.day(), case.contact());
    let plan = view.plan(c.individual, c.program, PlanKind::Irp, day);
    let serves_a_goal = plan.is_some_and(|plan| c.goal.is_some_and(|goal| plan.value.goals.contains(&goal)));
    if serves_a_goal {
        return Ok(Verdict::Met);
    }
    let accrued = view.accruals(case.key()).next();
    let counted = case.is_billed() || accrued.is_some();
    let class = if counted { Class::Violation } else { Class::Documentation };
    let individual = view.history().individual_name(c.individual);
    let gap = || match (plan, c.goal) {
        (None, _) => "no recovery plan was in force".to_owned(),
        (Some(_), None) => "the contact names no goal".to_owned(),
        (Some(_), Some(goal)) => format!("goal {} is not in the plan in force", view.history().goal_name(goal)),
    };
    super::breach(case, class, start)
        .because(plan.map(|row| row.seq()))
        .because(accrued.map(|row| row.seq()))
        .lacks(view, || format!("a goal of the recovery plan of {individual} in force on {day}"))
        .say(view, || format!("PROS peer support on {day} for {individual}: {}", gap()))
        .verdict()
}
