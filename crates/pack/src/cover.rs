//! The cover: one page for people, from which the rest of the pack is understood. It prints well, runs no script and loads nothing.
//! It refuses to pass on any text unescaped, and to be evidence: it says what the other entries say.

use std::fmt::Write as _;

use crate::contents::Contents;

/// The notice of 42 CFR 2.32(a)(2) that goes with records under part 2.
pub const NOTICE: &str = "42 CFR part 2 prohibits unauthorized use or disclosure of these records.";

/// Records shown on the cover; the rest is in the pack and said to be.
const SHOWN: usize = 1_000;

/// What the cover says beside the parts of the pack.
#[derive(Clone, Debug, Default)]
pub struct Cover {
    /// The day it was made, for people.
    pub made_on: String,
    /// To whom it goes, if that was said.
    pub recipient: Option<String>,
    /// Counts in words: violations, documentation gaps, advisories, money.
    pub summary: Vec<(String, String)>,
    /// The findings.
    pub findings: Vec<CoverFinding>,
    /// The records in the order in which they were true.
    pub records: Vec<CoverRecord>,
    /// Everybody involved.
    pub people: Vec<CoverPerson>,
}

/// A finding on the cover.
#[derive(Clone, Debug)]
pub struct CoverFinding {
    /// Id, rule, class.
    pub id: String,
    /// Rule.
    pub rule: String,
    /// Class, for people.
    pub class: String,
    /// What it says.
    pub message: String,
    /// Document, section, locator.
    pub citation: String,
    /// Seqs it rests on.
    pub evidence: Vec<u64>,
    /// Whether the agency could have known when it billed, for people.
    pub known: String,
}

/// A record on the cover.
#[derive(Clone, Debug)]
pub struct CoverRecord {
    /// Its seq.
    pub seq: u64,
    /// When it was true.
    pub true_at: String,
    /// When it was known.
    pub known_at: String,
    /// What it says.
    pub says: String,
}

/// One of the staff involved.
#[derive(Clone, Debug)]
pub struct CoverPerson {
    /// Id.
    pub id: String,
    /// Credentials and licences, in words.
    pub credentials: Vec<String>,
    /// Supervision, stretch by stretch: from, through, and in words; `true` for a gap.
    pub supervision: Vec<(String, String, String, bool)>,
}

const STYLE: &str = "\
:root{--ink:#1d2429;--soft:#5b666e;--rule:#d5dade;--mark:#8a1f11;--paper:#fff}\
*{box-sizing:border-box}\
body{margin:0 auto;padding:3rem 1.5rem 4rem;max-width:52rem;color:var(--ink);background:var(--paper);font:1rem/1.55 Georgia,'Times New Roman',serif}\
h1{font-size:1.9rem;line-height:1.2;margin:0 0 .3rem;font-weight:normal}\
h2{font-size:1.15rem;margin:2.6rem 0 .6rem;padding-bottom:.25rem;border-bottom:1px solid var(--rule)}\
h3{font-size:1rem;margin:1.4rem 0 .3rem}\
p,ul{margin:.4rem 0}\
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.5rem;margin:1rem 0}\
dt{color:var(--soft)}dd{margin:0;overflow-wrap:anywhere}\
table{border-collapse:collapse;width:100%;font-size:.9rem}\
caption{text-align:left;color:var(--soft);padding-bottom:.3rem}\
th,td{text-align:left;vertical-align:top;padding:.3rem .8rem .3rem 0;border-bottom:1px solid var(--rule)}\
th{font-weight:normal;color:var(--soft)}\
td.n{white-space:nowrap;font-variant-numeric:tabular-nums}\
.soft{color:var(--soft)}.gap{color:var(--mark);font-weight:bold}\
.notice{border:2px solid var(--ink);padding:.8rem 1rem;margin:1.2rem 0}\
code{font-size:.85rem;overflow-wrap:anywhere}\
@media(prefers-color-scheme:dark){:root{--ink:#e4e8ea;--soft:#9aa5ac;--rule:#3a444b;--mark:#ff9b8a;--paper:#14191c}}\
@media print{:root{--ink:#000;--soft:#444;--rule:#bbb;--mark:#000;--paper:#fff}body{padding:0;max-width:none;font-size:10pt}h2{break-after:avoid}tr,h3{break-inside:avoid}thead{display:table-header-group}}\
@page{margin:18mm}";

/// The page.
pub(crate) fn page(contents: &Contents) -> String {
    let mut html = String::new();
    // Writing to a String cannot fail, here and below.
    let title = format!("Audit pack: {}", contents.scope.words);
    let _ = write!(
        html,
        "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n\
         <meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">\n<title>{}</title>\n<style>{STYLE}</style>\n</head>\n<body>\n<main>\n<h1>{}</h1>\n",
        escape(&title),
        escape(&title)
    );
    if contents.ledger.simulated {
        html.push_str("<p class=\"notice\">SIMULATED: nobody in this pack exists.</p>\n");
    }
    if contents.part2 {
        let _ = writeln!(html, "<p class=\"notice\" role=\"note\">{NOTICE}</p>");
    }
    facts(&mut html, contents);
    findings(&mut html, contents);
    people(&mut html, contents);
    records(&mut html, contents);
    left_out(&mut html, contents);
    html.push_str(CHECKING);
    html.push_str("</main>\n</body>\n</html>\n");
    html
}

fn facts(html: &mut String, contents: &Contents) {
    let (frames, bodies) = (contents.frames.seqs().len() as u64, contents.frames.bodies());
    let left_out = match contents.complete {
        Some((from, to)) => format!("Every event from seq {from} to seq {to} is in it; the check shows it if one is not."),
        None => "A selection. Each record is proved to be in the ledger; that no other record belongs to it cannot be proved by a selection.".to_owned(),
    };
    let mut rows = vec![
        ("Ledger".to_owned(), contents.ledger.origin.clone()),
        ("Made on".to_owned(), contents.cover.made_on.clone()),
        ("Events looked at".to_owned(), format!("through seq {}, recorded {}", contents.cut.0, contents.cut.1)),
        ("Judged for".to_owned(), format!("{}, by the rules {}", contents.today, contents.rule_set)),
        ("Signed".to_owned(), format!("{} events, root {}", contents.size, contents.root)),
        ("Records".to_owned(), format!("{frames}, {bodies} with their contents")),
        ("Whole or selected".to_owned(), left_out),
    ];
    rows.extend(contents.cover.recipient.iter().map(|who| ("For".to_owned(), who.clone())));
    rows.extend(contents.cover.summary.iter().cloned());
    html.push_str("<dl>\n");
    for (name, value) in rows {
        let _ = writeln!(html, "<dt>{}</dt><dd>{}</dd>", escape(&name), escape(&value));
    }
    html.push_str("</dl>\n");
}

fn findings(html: &mut String, contents: &Contents) {
    html.push_str("<h2>Findings</h2>\n");
    if contents.cover.findings.is_empty() {
        html.push_str("<p>The rules found nothing about this scope on that day.</p>\n");
    }
    for finding in &contents.cover.findings {
        let seqs: Vec<String> = finding.evidence.iter().map(u64::to_string).collect();
        let _ = writeln!(
            html,
            "<h3>{} <span class=\"soft\">{}, {}</span></h3>\n<p>{}</p>\n<p class=\"soft\">{}. {} Rests on seq {}.</p>",
            escape(&finding.rule),
            escape(&finding.class),
            escape(&finding.id),
            escape(&finding.message),
            escape(&finding.citation),
            escape(&finding.known),
            escape(&seqs.join(", "))
        );
    }
}

fn people(html: &mut String, contents: &Contents) {
    if contents.cover.people.is_empty() {
        return;
    }
    html.push_str("<h2>Staff involved</h2>\n");
    for person in &contents.cover.people {
        let _ = writeln!(html, "<h3>{}</h3>", escape(&person.id));
        if person.credentials.is_empty() {
            html.push_str("<p class=\"soft\">No credential or licence on record.</p>\n");
        } else {
            html.push_str("<ul>\n");
            for credential in &person.credentials {
                let _ = writeln!(html, "<li>{}</li>", escape(credential));
            }
            html.push_str("</ul>\n");
        }
        if !person.supervision.is_empty() {
            html.push_str("<table><caption>Supervision</caption><thead><tr><th scope=\"col\">From</th><th scope=\"col\">Through</th><th scope=\"col\">Supervised by</th></tr></thead><tbody>\n");
            for (from, to, words, gap) in &person.supervision {
                let gap = if *gap { "<span class=\"gap\">Gap.</span> " } else { "" };
                let _ = writeln!(html, "<tr><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{gap}{}</td></tr>", escape(from), escape(to), escape(words));
            }
            html.push_str("</tbody></table>\n");
        }
    }
}

fn records(html: &mut String, contents: &Contents) {
    let records = &contents.cover.records;
    html.push_str("<h2>Records</h2>\n<table><caption>In the order in which they were true</caption><thead><tr><th scope=\"col\">True on</th><th scope=\"col\">Known on</th><th scope=\"col\">What</th><th scope=\"col\">Seq</th></tr></thead><tbody>\n");
    for record in records.iter().take(SHOWN) {
        let _ = writeln!(
            html,
            "<tr><td class=\"n\">{}</td><td class=\"n\">{}</td><td>{}</td><td class=\"n\">{}</td></tr>",
            escape(&record.true_at),
            escape(&record.known_at),
            escape(&record.says),
            record.seq
        );
    }
    html.push_str("</tbody></table>\n");
    let shown = records.len().min(SHOWN);
    if contents.frames.bodies() as usize > shown {
        let _ = writeln!(html, "<p class=\"soft\">{shown} of {} records with contents are shown here; all are in the pack.</p>", contents.frames.bodies());
    }
}

fn left_out(html: &mut String, contents: &Contents) {
    html.push_str("<h2>What was left out</h2>\n<ul>\n");
    for words in &contents.redaction_words {
        let _ = writeln!(html, "<li>{}</li>", escape(words));
    }
    html.push_str("</ul>\n");
}

const CHECKING: &str = "<h2>Checking this pack</h2>\n\
<p>Do not take this page's word for it. Get the ledger's key by another way than this pack (a letter, an earlier visit, a public register), and run on a computer of your own:</p>\n\
<p><code>countersign-verify PACK --key KEY --checkpoint CHECKPOINT-YOU-KEPT</code></p>\n\
<p>It says whether these records are the ones in the ledger, since when, and whether anything was left out. Keep <code>checkpoint.txt</code> from this pack: with it your next check shows that nothing before it was changed.</p>\n";

/// Text made safe between tags and in attributes.
fn escape(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => safe.push_str("&amp;"),
            '<' => safe.push_str("&lt;"),
            '>' => safe.push_str("&gt;"),
            '"' => safe.push_str("&quot;"),
            '\'' => safe.push_str("&#39;"),
            c if c.is_control() => safe.push('\u{fffd}'),
            c => safe.push(c),
        }
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_passes_unescaped() {
        assert_eq!(escape("<b a=\"x\" b='y'>&\u{1b}[0m"), "&lt;b a=&quot;x&quot; b=&#39;y&#39;&gt;&amp;\u{fffd}[0m");
    }
}
