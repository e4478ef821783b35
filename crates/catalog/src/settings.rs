//! Settings without a default: nothing in the guidance says what they should be, and until the agency does, rules are not evaluated.
//! Settings that merely override a parameter are not here; their parameter names them.

/// A setting that only the agency can make.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Required {
    /// Its name.
    pub name: &'static str,
    /// What it says, and what its value looks like.
    pub what: &'static str,
    /// Rules that are not evaluated while it is unset.
    pub rules: &'static [&'static str],
}

/// Every such setting.
pub const REQUIRED: &[Required] = &[
    Required {
        name: crate::pros::EFFECTIVE_ON,
        what: "first day of the PROS peer support service, YYYY-MM-DD; the deck gives no date: verify with OMH",
        rules: &[
            "PROS-GEN-01",
            "PROS-STAFF-01",
            "PROS-STAFF-02",
            "PROS-SUP-01",
            "PROS-SUP-02",
            "PROS-IRP-01",
            "PROS-SVC-03",
            "PROS-TEAM-02",
        ],
    },
    Required {
        name: crate::core::UNITS_PER_MONTH_MAX,
        what: "most units of a month in the recommended range of CORE, a whole number; the deck gives none: verify with OMH",
        rules: &["CORE-INT-04", "CORE-INT-06"],
    },
];
