//! Writes `docs/coverage.md`: every entry of the catalogue by document and section, and what answers for it.
//! It refuses an entry without an answer or with two, and counts nothing it does not list.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use anyhow::{Context, Result, bail};
use serde::Deserialize;

use crate::catalog_source::{field, registered, rule_id};
use crate::docs::{GENERATED, cell};
use crate::tree::{File, Tree};

/// Where the registry lies.
const REGISTRY: &str = "crates/catalog/coverage";

/// Where the page lies.
pub const PAGE: &str = "docs/coverage.md";

#[derive(Deserialize)]
struct Catalogue {
    section: Vec<Section>,
}

#[derive(Deserialize)]
struct Section {
    document: String,
    heading: String,
    programs: Vec<String>,
    ids: Vec<String>,
}

#[derive(Default, Deserialize)]
struct Answers {
    #[serde(default)]
    carried: Vec<Carried>,
    #[serde(default)]
    permission: Vec<Permission>,
    #[serde(default)]
    review: Vec<Review>,
}

#[derive(Deserialize)]
struct Carried {
    id: String,
    by: Vec<String>,
    how: String,
}

#[derive(Deserialize)]
struct Permission {
    id: String,
    says: String,
    #[serde(default)]
    beside: String,
}

#[derive(Deserialize)]
struct Review {
    id: String,
    look: String,
}

/// What answers for an entry.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Kind {
    Rule,
    Carried,
    Permission,
    Checklist,
}

/// Entries by what answers for them.
#[derive(Clone, Copy, Default)]
struct Count {
    rules: usize,
    carried: usize,
    permissions: usize,
    checklist: usize,
}

impl Count {
    fn add(&mut self, kind: Kind) {
        match kind {
            Kind::Rule => self.rules += 1,
            Kind::Carried => self.carried += 1,
            Kind::Permission => self.permissions += 1,
            Kind::Checklist => self.checklist += 1,
        }
    }

    fn row(self) -> String {
        let all = self.rules + self.carried + self.permissions + self.checklist;
        format!("{} | {} | {} | {} | {all}", self.rules, self.carried, self.permissions, self.checklist)
    }
}

/// The documents, as the registry and as people name them.
const DOCUMENTS: [(&str, &str); 2] = [
    ("mhotrs", "[G] NYS OMH MHOTRS Guidance on Youth, Family, Adult, and Older Adult Peer Support Services (effective 2022-11-23)"),
    ("peer_role", "[R] The Role of Peers in Psychiatric Rehabilitation (OMH / Academy of Peer Services, 2024-11-26)"),
];

/// The page, or nothing in a tree without the registry.
pub fn page(tree: &Tree) -> Result<Option<File>> {
    let Some(catalogue) = tree.get(&format!("{REGISTRY}/catalogue.toml")) else { return Ok(None) };
    let catalogue: Catalogue = toml::from_str(&catalogue.text).with_context(|| format!("{} has another shape", catalogue.path))?;
    let answers = answers(tree)?;
    let mut text = format!("# Every line of the guidance\n\n{GENERATED} from {REGISTRY} and the rules. -->\n");
    let (mut whole, mut by_program, mut by_section, mut lists) = (Count::default(), BTreeMap::new(), String::new(), String::new());
    for (mark, title) in DOCUMENTS {
        writeln!(lists, "\n## {title}")?;
        let mut headings: Vec<&str> = Vec::new();
        for section in catalogue.section.iter().filter(|s| s.document == mark) {
            if !headings.contains(&section.heading.as_str()) {
                headings.push(&section.heading);
            }
        }
        for heading in headings {
            let mut count = Count::default();
            writeln!(lists, "\n### {heading}\n\n| entry | programs | answered by | how |\n|---|---|---|---|")?;
            for section in catalogue.section.iter().filter(|s| s.document == mark && s.heading == heading) {
                let programs = programs(&section.programs);
                for id in &section.ids {
                    let given = answers.get(id.as_str()).with_context(|| format!("{id} of the catalogue has no answer"))?;
                    let [(kind, how)] = &given[..] else { bail!("{id} of the catalogue has {} answers: an entry that became a rule leaves {REGISTRY}", given.len()) };
                    let word = match kind {
                        Kind::Rule => format!("rule [{id}](rules/{id}.md)"),
                        Kind::Carried => "other rules".to_owned(),
                        Kind::Permission => "permission case".to_owned(),
                        Kind::Checklist => "checklist, not machine-checked".to_owned(),
                    };
                    writeln!(lists, "| {id} | {programs} | {word} | {} |", cell(how))?;
                    whole.add(*kind);
                    count.add(*kind);
                    by_program.entry(programs.clone()).or_insert_with(Count::default).add(*kind);
                }
            }
            writeln!(by_section, "| {} {} | {} |", title.split(' ').next().unwrap_or_default(), cell(heading), count.row())?;
        }
    }
    let Count { rules, carried, permissions, checklist } = whole;
    let all = rules + carried + permissions + checklist;
    writeln!(
        text,
        "\nEach entry of the catalogue of the two guidance documents is answered exactly once: by a rule, by other rules that say what it \
         asks, by a case that asserts that nothing is flagged, or by a person with the review checklist.\n\n\
         **{all} = {rules} rules + {carried} carried by other rules + {permissions} permissions + {checklist} on the checklist**\n"
    )?;
    let kinds = "rules | carried | permissions | checklist | all |\n|---|---|---|---|---|---|";
    writeln!(text, "| programs | {kinds}")?;
    for (programs, count) in &by_program {
        writeln!(text, "| {programs} | {} |", count.row())?;
    }
    write!(text, "\n| section | {kinds}\n{by_section}{lists}")?;
    beyond(tree, &catalogue, &mut text)?;
    Ok(Some(File { path: PAGE.to_owned(), text }))
}

fn programs(of: &[String]) -> String {
    if of.len() == 3 { "every program".to_owned() } else { of.iter().map(|p| p.to_uppercase()).collect::<Vec<_>>().join(" and ") }
}

/// Every answer there is, by the id it is for.
fn answers(tree: &Tree) -> Result<BTreeMap<String, Vec<(Kind, String)>>> {
    let mut answers: BTreeMap<String, Vec<(Kind, String)>> = BTreeMap::new();
    for (id, title) in rules(tree) {
        answers.entry(id).or_default().push((Kind::Rule, title));
    }
    for name in ["carried", "permissions", "checklist"] {
        let path = format!("{REGISTRY}/{name}.toml");
        let file = tree.get(&path).with_context(|| format!("{path} is missing"))?;
        let given: Answers = toml::from_str(&file.text).with_context(|| format!("{path} has another shape"))?;
        let mut put = |id: String, kind, how| answers.entry(id).or_default().push((kind, how));
        for c in given.carried {
            let by: Vec<String> = c.by.iter().map(|id| format!("[{id}](rules/{id}.md)")).collect();
            put(c.id, Kind::Carried, format!("{}: {}", by.join(", "), c.how));
        }
        for p in given.permission.into_iter().filter(|p| p.beside.is_empty()) {
            put(p.id, Kind::Permission, p.says);
        }
        for r in given.review {
            put(r.id, Kind::Checklist, r.look);
        }
    }
    Ok(answers)
}

/// Id and title of each registered rule, in order.
fn rules(tree: &Tree) -> Vec<(String, String)> {
    let page = |folder: crate::catalog_source::RuleFolder| {
        let file = tree.get(&folder.path("mod.rs"))?;
        Some((rule_id(file)?.to_owned(), field(file, "title")?.to_owned()))
    };
    registered(tree).into_iter().filter_map(page).collect()
}

/// Rules of our own, which answer to no entry.
fn beyond(tree: &Tree, catalogue: &Catalogue, text: &mut String) -> Result<()> {
    let listed = |id: &str| catalogue.section.iter().any(|s| s.ids.iter().any(|other| other == id));
    writeln!(text, "\n## Rules beyond the guidance\n\n| rule | what breaks it |\n|---|---|")?;
    for (id, title) in rules(tree).into_iter().filter(|(id, _)| !listed(id)) {
        writeln!(text, "| [{id}](rules/{id}.md) | {} |", cell(&title))?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]

    use super::*;

    const CATALOGUE: &str =
        "[[section]]\ndocument = \"mhotrs\"\nheading = \"Billing\"\nprograms = [\"mhotrs\"]\nids = [\"A-01\", \"A-02\", \"A-03\", \"A-04\"]\n";
    const RULE: &str = "//! R.\n    id: \"A-01\",\n    title: \"too many\",\n";
    const OWN: &str = "//! R.\n    id: \"OWN-01\",\n    title: \"ours\",\n";

    fn tree(checklist: &str) -> Tree {
        Tree::of(&[
            ("crates/catalog/src/lib.rs", "//! Rules.\n&a::one::RULE,\n&a::own::RULE,\n"),
            ("crates/catalog/src/a/one/mod.rs", RULE),
            ("crates/catalog/src/a/own/mod.rs", OWN),
            ("crates/catalog/coverage/catalogue.toml", CATALOGUE),
            ("crates/catalog/coverage/carried.toml", "[[carried]]\nid = \"A-02\"\nby = [\"A-01\"]\nhow = \"It does.\"\n"),
            ("crates/catalog/coverage/permissions.toml", "[[permission]]\nid = \"A-03\"\nsays = \"May.\"\n[[permission]]\nid = \"A-01\"\nsays = \"Too.\"\nbeside = \"Yes.\"\n"),
            ("crates/catalog/coverage/checklist.toml", checklist),
        ])
    }

    #[test]
    fn every_entry_is_listed_and_counted_once() {
        let page = page(&tree("[[review]]\nid = \"A-04\"\nlook = \"Here | there.\"\n")).unwrap().unwrap();
        assert!(page.text.contains("**4 = 1 rules + 1 carried by other rules + 1 permissions + 1 on the checklist**"), "{}", page.text);
        assert!(page.text.contains("| A-02 | MHOTRS | other rules | [A-01](rules/A-01.md): It does. |"), "{}", page.text);
        assert!(page.text.contains("| A-04 | MHOTRS | checklist, not machine-checked | Here \\| there. |"), "{}", page.text);
        assert!(page.text.ends_with("| [OWN-01](rules/OWN-01.md) | ours |\n"), "{}", page.text);
        assert!(super::page(&Tree::of(&[])).unwrap().is_none());
    }

    #[test]
    fn an_entry_without_an_answer_or_with_two_is_refused() {
        let said = page(&tree("review = []\n")).unwrap_err().to_string();
        assert!(said.contains("A-04") && said.contains("no answer"), "{said}");
        let twice = "[[review]]\nid = \"A-04\"\nlook = \"x\"\n[[review]]\nid = \"A-01\"\nlook = \"x\"\n";
        let said = page(&tree(twice)).unwrap_err().to_string();
        assert!(said.contains("A-01") && said.contains("2 answers"), "{said}");
    }
}
