//! Reads a rule's `params.toml` as the generators need it: the dated values with their sources, in order.
//! It refuses to judge whether periods meet or overlap; the loader in `rules` does, and it alone feeds a rule.

use std::collections::BTreeMap;

use anyhow::{Context, Result};
use serde::Deserialize;
use toml::Value;

use crate::tree::File;

/// One value of one parameter for one period.
#[derive(Clone, Debug, Deserialize, PartialEq)]
pub struct Period {
    /// First day in force, `YYYY-MM-DD`.
    pub from: String,
    /// Last day in force; open where missing.
    pub to: Option<String>,
    /// Number, text, truth value or list.
    pub value: Value,
    /// Unit of the value, as people say it.
    pub unit: Option<String>,
    /// Document and section, or `agency policy`.
    pub source: String,
    /// A few words to find the passage by.
    pub locator: Option<String>,
    /// Day somebody last read the source, `YYYY-MM-DD`.
    pub read_on: String,
    /// Whether the agency may set it under `<owner>.<name>`.
    #[serde(default)]
    pub settable: bool,
    /// The fixed name under which the agency may set it.
    pub setting: Option<String>,
    /// What a reader should know, such as "verify with OMH".
    pub note: Option<String>,
}

impl Period {
    /// The name under which the agency may set the parameter `name` of `owner`; empty where it may not.
    pub fn setting_text(&self, owner: &str, name: &str) -> String {
        match &self.setting {
            Some(setting) => setting.clone(),
            None if self.settable => format!("{owner}.{name}"),
            None => String::new(),
        }
    }

    /// The value as a person reads it: text without quotes, a list with commas.
    pub fn value_text(&self) -> String {
        match &self.value {
            Value::String(text) => text.clone(),
            Value::Array(values) => {
                values.iter().map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).collect::<Vec<_>>().join(", ")
            }
            Value::Integer(_) | Value::Float(_) | Value::Boolean(_) | Value::Datetime(_) | Value::Table(_) => self.value.to_string(),
        }
    }
}

/// Parameters by name, each with its successive periods as the file gives them. Errors name the file and the line.
pub fn read(file: &File) -> Result<BTreeMap<String, Vec<Period>>> {
    toml::from_str(&file.text).with_context(|| format!("{} does not have the shape of a params.toml", file.path))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;
    use crate::tree::Tree;

    const EXAMPLE: &str = r#"# Values.
[[units]]
from = "2022-11-23"
value = 12
unit = "units"
source = "[G] Billing"
locator = "up to twelve"
read_on = "2026-11-21"

[[levels]]
from = "2022-11-23"
value = ["full", "provisional"]
source = "agency policy"
read_on = "2026-11-21"
"#;

    #[test]
    fn values_are_read_by_name_and_written_as_people_read_them() {
        let tree = Tree::of(&[("params.toml", EXAMPLE), ("none.toml", "# None.\n")]);
        let params = read(tree.get("params.toml").unwrap()).unwrap();
        assert_eq!(params["units"][0].value_text(), "12");
        assert_eq!(params["levels"][0].value_text(), "full, provisional");
        assert!(read(tree.get("none.toml").unwrap()).unwrap().is_empty());
    }

    #[test]
    fn a_value_without_its_source_is_refused_by_name_of_the_file() {
        let tree = Tree::of(&[("params.toml", "[[a]]\nfrom = \"2022-11-23\"\nvalue = 1\nread_on = \"2026-11-21\"\n")]);
        let said = format!("{:#}", read(&tree.files[0]).unwrap_err());
        assert!(said.contains("params.toml") && said.contains("source"), "{said}");
    }
}
