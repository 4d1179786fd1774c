//! An action on ticked rows, or on every row that filters find, and taking such a batch back.

use super::{
    caller::{Caller, Client},
    face::Face,
    imports, lookups,
    problem::{Named, Problem, said_to},
};
use crate::desk::{
    Who, assign, audit,
    bulk::{self, CHUNK, Run},
    page,
};
use axum::{Json, extract::State};
use hutong_api::{
    BatchId, Lang,
    page::{ActionReply, ActionRequest},
};
use std::collections::{BTreeMap, BTreeSet};

/// What is done to many rows.
struct Work {
    face: Face,
    who: Who,
    client: String,
    page: String,
    action: String,
    args: BTreeMap<String, String>,
    ids: Vec<i64>,
    all: bool,
}

/// Goes on to its end when the asker has left: half a batch is nobody's wish.
pub async fn act(
    face: &Face,
    caller: &Caller,
    client: &Client,
    (page, action): (String, String),
    request: ActionRequest,
) -> Result<ActionReply, Problem> {
    let ids = match request.all {
        true => {
            lookups::filters(face, caller, &page, &request.filters).await?;
            let (who, page, filters) = (caller.who.clone(), page.clone(), request.filters);
            face.read(move |conn| page::with(conn, &who, &page, |source| source.ids(conn, &who, &filters))).await?
        }
        false => {
            let mut seen = BTreeSet::new();
            request.ids.into_iter().filter(|id| seen.insert(*id)).collect()
        }
    };
    let work = Work {
        face: face.clone(),
        who: caller.who.clone(),
        client: client.0.clone(),
        page,
        action,
        args: request.args,
        ids,
        all: request.all,
    };
    tokio::spawn(work.run()).await.map_err(|_| Problem::new("request.failed"))?
}

impl Work {
    async fn run(self) -> Result<ActionReply, Problem> {
        let mut run = Run { client: self.client.clone(), all: self.all, total: self.ids.len(), ..Run::default() };
        for ids in self.ids.chunks(CHUNK) {
            match self.chunk(ids, run.clone()).await {
                Ok(next) => run = next,
                Err(problem) if run.from == 0 => return Err(problem),
                // What was done stays done and is told of; the rest says why not.
                Err(Problem(refusal)) => {
                    run.refuse(ids[0], refusal);
                    break;
                }
            }
        }
        if self.all {
            let (who, client, action) = (self.who.clone(), self.client.clone(), self.action.clone());
            let (object, detail) = (format!("page:{}", self.page), run.done.to_string());
            self.face.write(move |tx| audit::note(tx, &who, &client, &action, &object, &detail)).await?;
        }
        Ok(reply(run, self.who.lang, self.who.hide_numbers))
    }

    async fn chunk(&self, ids: &[i64], mut run: Run) -> Result<Run, Problem> {
        let (who, page, action) = (self.who.clone(), self.page.clone(), self.action.clone());
        let (args, ids) = (self.args.clone(), ids.to_vec());
        let done = self.face.write(move |tx| {
            bulk::chunk(tx, &who, &page, &action, &ids, &args, &mut run)?;
            Ok(run)
        });
        let mut run = done.await?;
        self.face.tell(std::mem::take(&mut run.after));
        Ok(run)
    }
}

/// Takes back "assign-7": what can be, by whom it may be.
pub async fn undo(
    State(face): State<Face>,
    caller: Caller,
    client: Client,
    Named(what): Named<String>,
) -> Result<Json<ActionReply>, Problem> {
    let (kind, id) = what.rsplit_once('-').ok_or_else(|| Problem::new("row.unknown"))?;
    let id: i64 = id.parse().map_err(|_| Problem::new("row.unknown"))?;
    match kind {
        "assign" => {
            caller.needs("customers.assign")?;
            undo_assign(face, caller.who.clone(), client.0.clone(), id).await.map(Json)
        }
        "import" => imports::undo_batch(&face, &caller, &client.0, BatchId(id)).await.map(Json),
        _ => Err(Problem::new("row.unknown")),
    }
}

async fn undo_assign(face: Face, who: Who, client: String, batch: i64) -> Result<ActionReply, Problem> {
    let (lang, hide) = (who.lang, who.hide_numbers);
    let work = async move {
        let (mut run, mut after) = (Run::default(), Some(0));
        while let Some(from) = after {
            let (reader, mut next) = (who.clone(), run.clone());
            let taken = face.write(move |tx| {
                let after = assign::undo(tx, &reader, batch, from, &mut next)?;
                Ok((after, next))
            });
            (after, run) = taken.await?;
        }
        let detail = run.done.to_string();
        face.write(move |tx| audit::note(tx, &who, &client, "undo", &format!("assign:{batch}"), &detail)).await?;
        Ok::<_, Problem>(run)
    };
    let run = tokio::spawn(work).await.map_err(|_| Problem::new("request.failed"))??;
    Ok(reply(run, lang, hide))
}

fn reply(run: Run, lang: Lang, hide: bool) -> ActionReply {
    ActionReply {
        done: run.done,
        refused: run.refused.iter().map(|(id, refusal)| (*id, said_to(refusal, lang, hide))).collect(),
        text: None,
        undo: run.undo,
    }
}
