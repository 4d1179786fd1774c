//! A file as understood before anything is stored: its columns, its first rows, what they are taken for.

use super::{
    Goal, blocking, failed,
    fields::{self, Fields},
    not_begun,
    plan::{Columns, Plan},
};
use crate::store::Store;
use hutong_api::{
    CompanyId, Lang, Refusal,
    page::{ImportLook, LookColumn},
};
use hutong_core::import::{layout::tidy, sheet::separator_word};
use std::path::{Path, PathBuf};
use tokio::sync::watch;

/// First rows shown, and characters of a cell.
const FIRST: usize = 8;
const CELL: usize = 120;

/// The look, and the text of a workbook, which is then what is imported; the caller removes it.
pub struct Looked {
    pub look: ImportLook,
    pub text: Option<PathBuf>,
}

/// Refuses what an import would refuse for the file as a whole, but for a missing column of numbers: that can be assigned.
pub async fn look(store: &Store, company: CompanyId, page: &str, path: &Path, lang: Lang) -> Result<Looked, Refusal> {
    // Any campaign: the fields are the same.
    let goal = Goal::of(page, Some(hutong_api::CampaignId(0)), false).ok_or(Refusal::new("page.no_action"))?;
    let fields = store.read(move |conn| Fields::load(conn, company, goal)).await.map_err(failed)?;
    let (plan, text) = blocking({
        let (path, fields) = (path.to_owned(), fields.clone());
        move || {
            let plan = Plan::check(&path, false, Columns::Shown(&fields), &watch::channel(not_begun()).0)?;
            let text = plan.workbook.then(|| path.with_extension("sheet"));
            if let Some(text) = &text {
                plan.keep_text(text).map_err(|error| hutong_core::import::Fault::from(error).refusal())?;
            }
            Ok((plan, text))
        }
    })
    .await?;
    let (page, layout) = (page.to_owned(), plan.layout.clone());
    let remembered = store.read(move |conn| fields::remembered(conn, company, &page, &layout)).await;
    let remembered = remembered.map_err(failed)?.filter(|ids| fields.of_ids(goal, ids).is_ok());
    let columns = columns(&plan, &fields, goal, remembered);
    let first = plan.first.iter().skip(plan.layout.skip).take(FIRST);
    let cells =
        |record: &csv::StringRecord| record.iter().map(|cell| tidy(cell).chars().take(CELL).collect()).collect();
    let look = ImportLook {
        look: String::new(),
        file_name: String::new(),
        bytes: std::fs::metadata(path).map_or(0, |file| file.len()),
        encoding: plan.word().into(),
        separator: separator_word(plan.separator).into(),
        rows: plan.rows,
        columns,
        first: first.map(cells).collect(),
        fields: fields.choices(goal, lang),
    };
    Ok(Looked { look, text })
}

fn columns(plan: &Plan, fields: &Fields, goal: Goal, remembered: Option<Vec<String>>) -> Vec<LookColumn> {
    let taken = plan.layout.taken();
    let found = |at: usize| taken.get(at).map_or(String::new(), |field| fields.id(goal, *field));
    let column = |(at, header): (usize, &String)| {
        let known = remembered.as_ref().and_then(|ids| ids.get(at)).cloned();
        let by_header = found(at);
        let remembered = known.as_ref().is_some_and(|known| *known != by_header);
        LookColumn { header: header.clone(), field: known.unwrap_or(by_header), remembered }
    };
    plan.layout.header.iter().enumerate().map(column).collect()
}
