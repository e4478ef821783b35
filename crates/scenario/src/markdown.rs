//! Reads `cases.md`: headings, prose, an `events` block and a `findings` block for each case, and a `common` block before the first.
//! Refuses a case without a sentence that says what should happen, and a block without the other.

use anyhow::{Context, Result, bail};

/// One case of a file.
#[derive(Debug, Clone)]
pub struct Case {
    /// The heading: what should happen and why.
    pub title: String,
    /// Lines of the common block of the file, if it has one, which come before the events.
    pub common: Vec<String>,
    /// Lines of the events block.
    pub events: Vec<String>,
    /// Lines of the findings block.
    pub findings: Vec<String>,
    /// Where the findings block stands in the file: first line and line after the last, from 0.
    pub findings_lines: (usize, usize),
}

/// Reads a file.
///
/// # Errors
/// A heading without both blocks, or a block that does not end.
pub fn read(text: &str) -> Result<Vec<Case>> {
    let lines: Vec<&str> = text.lines().collect();
    let mut cases = Vec::new();
    let mut common: Vec<String> = Vec::new();
    let mut title: Option<String> = None;
    let mut events: Option<Vec<String>> = None;
    let mut i = 0;
    while i < lines.len() {
        let line = lines[i];
        if let Some(heading) = line.strip_prefix("## ") {
            if let (Some(title), Some(_)) = (&title, &events) {
                bail!("{title:?} has events but no findings");
            }
            title = Some(heading.trim().to_owned());
        } else if let Some(language) = line.strip_prefix("```").filter(|l| !l.is_empty()) {
            let end = (i + 1..lines.len()).find(|j| lines[*j].trim_end() == "```").context("a block that does not end")?;
            let block: Vec<String> = lines[i + 1..end].iter().filter(|l| !l.trim().is_empty()).map(|l| (*l).to_owned()).collect();
            match language.trim() {
                "common" if title.is_none() && common.is_empty() => common = block,
                "common" => bail!("a common block stands once, before the first heading"),
                "events" => events = Some(block),
                "findings" => cases.push(Case {
                    title: title.clone().context("a case without a heading")?,
                    common: common.clone(),
                    events: events.take().context("findings without events")?,
                    findings: block,
                    findings_lines: (i + 1, end),
                }),
                other => bail!("a block of {other:?}: only common, events and findings"),
            }
            i = end;
        }
        i += 1;
    }
    if events.is_some() {
        bail!("{:?} has events but no findings", title.unwrap_or_default());
    }
    Ok(cases)
}
