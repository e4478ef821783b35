//! Saved views: a link for each beside the filter, a form that keeps the filter on the page under a name, one that lets it go.
//! Individuals in a kept filter are kept by their ids and shown under the names the visitor sees them under.

use maud::{Markup, html};

use crate::answer::Answer;
use crate::layout;
use crate::query::Query;
use crate::roles::MEMBERS;
use crate::routes::Page;
use crate::trouble::Trouble;
use crate::visit::Visit;

/// What of an address makes a view: not which piece of it is shown.
const PIECE: [&str; 3] = ["page", "cursor", "limit"];

/// A filter as it stands after the question mark, with individuals named as `name` says.
fn filter(query: &Query, name: impl Fn(&str) -> String) -> String {
    let pairs = query.pairs().filter(|(key, _)| !PIECE.contains(key)).map(|(key, value)| (key, if key == "individual" { name(value) } else { value.to_owned() }));
    form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

/// The views of the visitor, and the form to keep another.
pub(crate) fn kept(visit: &Visit<'_>) -> Result<Markup, Trouble> {
    if visit.visitor.session.is_none() || !MEMBERS.contains(&visit.visitor.role) {
        return Ok(html! {});
    }
    let views = visit.state.views.theirs(&visit.visitor.name)?;
    let shown = |query: &str| filter(&Query::parse(query.as_bytes()), |id| visit.veil(id).unwrap_or_else(|| id.to_owned()));
    let here = filter(&visit.query, str::to_owned);
    Ok(html! {
        details.views open[!views.is_empty()] {
            summary { "Your views" }
            @if views.is_empty() { p.soft { "A filter that you use often can be kept under a name." } }
            ul.onward {
                @for view in &views {
                    @let address = shown(&view.query);
                    li {
                        a href={ "/findings?" (address) } aria-current=[(address == here).then_some("true")] { (view.name) }
                        form.inline method="post" action="/views" {
                            (layout::form_token(visit))
                            input type="hidden" name="name" value=(view.name);
                            button.link type="submit" name="act" value="let_go" aria-label={ "Let go the view " (view.name) } { "Let go" }
                        }
                    }
                }
            }
            @if !here.is_empty() {
                form method="post" action="/views" {
                    (layout::form_token(visit))
                    input type="hidden" name="query" value=(here);
                    div.field { label for="view-name" { "Keep this filter as" } input #view-name name="name" maxlength="60" required autocomplete="off"; }
                    button.second type="submit" name="act" value="keep" { "Keep it" }
                }
            }
        }
    })
}

/// Keeps a view or lets one go.
pub(crate) fn change(visit: &Visit<'_>) -> Result<Page, Trouble> {
    let (who, name) = (&visit.visitor.name, visit.sent.get("name").unwrap_or_default());
    if visit.sent.get("act") == Some("let_go") {
        visit.note("let go a view", name)?;
        visit.state.views.let_go(who, name)?;
        return Ok(Page::Answer(Answer::onward("/findings")));
    }
    let asked = Query::parse(visit.sent.get("query").unwrap_or_default().as_bytes());
    visit.note("kept a view", name)?;
    visit.state.views.keep(who, name, &filter(&asked, |id| visit.state.veils.who(id)))?;
    let back = filter(&asked, str::to_owned);
    Ok(Page::Answer(Answer::onward(&format!("/findings?{back}"))))
}
