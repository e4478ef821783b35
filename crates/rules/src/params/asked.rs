//! What a check may ask of parameters: a value on a day, and on which days its rule is in force.
//! Gives no default: what is in force on no such day is missing.

use domain::ValidDay;
use domain::field::Scalar;
use timeline::View;

use super::{ParamSet, Parameter, Tables, Value};
use crate::verdict::Missing;

/// The parameters a check sees: its rule's own, the shared tables, and what the agency has set, all on a day.
#[derive(Debug, Clone, Copy)]
pub struct Params<'a> {
    own: &'a ParamSet,
    tables: &'a Tables,
    view: View<'a>,
}

impl<'a> Params<'a> {
    /// Parameters of a rule, as settings believed by a view override them.
    pub fn new(own: &'a ParamSet, tables: &'a Tables, view: View<'a>) -> Self {
        Self { own, tables, view }
    }

    fn find(&self, name: &str) -> Option<&'a Parameter> {
        // A rule's own names have no dot, a table's have one.
        self.own.get(name).or_else(|| self.tables.get(name))
    }

    fn value(&self, name: &str, day: ValidDay) -> Result<Value, Missing> {
        let parameter = self.find(name).ok_or_else(|| Missing(format!("parameter {name}")))?;
        if let Some(row) = parameter.setting.as_ref().and_then(|setting| self.view.setting(setting, day)) {
            return Ok(from_setting(&row.value.value));
        }
        parameter.on(day).cloned().ok_or_else(|| Missing(format!("parameter {}.{name} on {day}", self.own.owner)))
    }

    /// Whether the rule is in force on a day.
    pub fn in_force(&self, day: ValidDay) -> bool {
        self.own.in_force.and_then(|place| self.own.parameters.get(place)).and_then(|p| p.on(day)).is_some_and(|v| *v == Value::Flag(true))
    }

    /// The days outside of which the rule is never in force: contacts on others need not be looked at. Both included; the first after the
    /// last where it never is.
    pub fn days(&self) -> (ValidDay, ValidDay) {
        self.days_from(ValidDay::MIN)
    }

    /// Of these days, those from one on.
    pub fn days_from(&self, first: ValidDay) -> (ValidDay, ValidDay) {
        let (from, to) = self.own.days;
        (from.max(first), to)
    }

    /// A whole number in force on a day.
    ///
    /// # Errors
    /// [`Missing`] when nothing is in force, or something that is not a whole number was set.
    pub fn int(&self, name: &str, day: ValidDay) -> Result<i64, Missing> {
        match self.value(name, day)? {
            Value::Int(n) => Ok(n),
            Value::Flag(_) | Value::Text(_) | Value::List(_) => Err(Missing(format!("a whole number for {name}"))),
        }
    }

    /// The least whole number in force on any day from one on; nothing where a setting may say otherwise, or nothing is in force at some
    /// of these days.
    pub fn least_int(&self, name: &str, from: ValidDay) -> Option<i64> {
        let parameter = self.find(name)?;
        if parameter.setting.as_ref().is_some_and(|setting| self.view.was_ever_set(setting)) {
            return None;
        }
        parameter.on(from)?;
        // Periods have no gap: those that end on the day or later go on without one, and the last must have no end.
        let mut later = parameter.periods.iter().filter(|p| p.to.is_none_or(|to| from <= to));
        let whole: Option<Vec<i64>> = later.clone().map(|p| if let Value::Int(n) = p.value { Some(n) } else { None }).collect();
        whole.filter(|_| later.next_back().is_some_and(|p| p.to.is_none()))?.into_iter().min()
    }

    /// A switch in force on a day.
    ///
    /// # Errors
    /// As [`Params::int`].
    pub fn flag(&self, name: &str, day: ValidDay) -> Result<bool, Missing> {
        match self.value(name, day)? {
            Value::Flag(b) => Ok(b),
            Value::Int(_) | Value::Text(_) | Value::List(_) => Err(Missing(format!("true or false for {name}"))),
        }
    }

    /// A text in force on a day.
    ///
    /// # Errors
    /// As [`Params::int`].
    pub fn text(&self, name: &str, day: ValidDay) -> Result<String, Missing> {
        match self.value(name, day)? {
            Value::Text(t) => Ok(t),
            Value::Flag(_) | Value::Int(_) | Value::List(_) => Err(Missing(format!("a text for {name}"))),
        }
    }

    /// Whether a list in force on a day has an item. A setting gives a list as text separated by `;`.
    ///
    /// # Errors
    /// As [`Params::int`].
    pub fn lists(&self, name: &str, item: &str, day: ValidDay) -> Result<bool, Missing> {
        let parameter = self.find(name).ok_or_else(|| Missing(format!("parameter {name}")))?;
        if let Some(row) = parameter.setting.as_deref().and_then(|s| self.view.setting(s, day)) {
            return Ok(row.value.value.to_string().split(';').any(|t| t.trim() == item));
        }
        match parameter.on(day) {
            Some(Value::List(items)) => Ok(items.iter().any(|t| t == item)),
            Some(Value::Text(one)) => Ok(one == item),
            Some(Value::Flag(_) | Value::Int(_)) => Err(Missing(format!("a list for {name}"))),
            None => Err(Missing(format!("parameter {name} on {day}"))),
        }
    }

    /// The view whose settings count.
    pub fn view(&self) -> &View<'a> {
        &self.view
    }
}

fn from_setting(value: &Scalar) -> Value {
    match value {
        Scalar::Bool(b) => Value::Flag(*b),
        Scalar::Int(n) => Value::Int(*n),
        Scalar::Number(t) | Scalar::Text(t) => Value::Text(t.to_string()),
    }
}
