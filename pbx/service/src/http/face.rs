//! What the handlers share beside `App`, and the ways from a handler to the desk.

use super::{
    App,
    failures::Failures,
    gate::Gate,
    imports::{self, Imports, Looks},
    lookups::Lookups,
    problem::Problem,
    sockets::Sockets,
};
use crate::{
    carrier_x::CarrierX,
    desk::{
        self, After, Answer, Fault, Who,
        access::{self, Session, TokenHash},
        audit,
    },
    store::StoreError,
};
use hutong_api::Refusal;
use hutong_core::io::Input;
use rusqlite::{Connection, Transaction};
use std::{ops::Deref, sync::Arc};
use tokio::sync::Notify;

#[derive(Clone)]
pub struct Face {
    inner: Arc<Inner>,
}

pub struct Inner {
    pub app: App,
    pub gate: Gate,
    pub imports: Imports,
    pub looks: Looks,
    pub sockets: Sockets,
    pub failures: Failures,
    pub lookups: Lookups,
    /// A notice was written or changed: when the next begins is asked anew.
    pub announce: Notify,
    /// Who binds X numbers; None = nobody does.
    pub carrier: Option<Arc<CarrierX>>,
}

impl Deref for Face {
    type Target = Inner;
    fn deref(&self) -> &Inner {
        &self.inner
    }
}

impl Face {
    pub fn new(app: App) -> Face {
        super::export::clear(&app.config.data_dir);
        imports::clear(&app.config.data_dir);
        let carrier = CarrierX::of(&app.config.x_numbers).map(Arc::new);
        Face {
            inner: Arc::new(Inner {
                app,
                carrier,
                failures: Failures::default(),
                lookups: Lookups::default(),
                announce: Notify::new(),
                sockets: Sockets::default(),
                gate: Gate::default(),
                imports: Imports::default(),
                looks: Looks::default(),
            }),
        }
    }

    pub async fn read<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Connection) -> Answer<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let outcome = self.app.store.read(move |conn| match work(conn) {
            Ok(value) => Ok(Ok(value)),
            Err(Fault::Refused(refusal)) => Ok(Err(refusal)),
            Err(Fault::Store(error)) => Err(error),
        });
        Ok(outcome.await??)
    }

    /// All or nothing, also when it is refused half way.
    pub async fn write<T: Send + 'static>(
        &self,
        work: impl FnOnce(&Transaction<'_>) -> Answer<T> + Send + 'static,
    ) -> Result<T, Problem> {
        let outcome: Result<Result<T, Refusal>, StoreError> =
            self.app.store.write(move |tx| desk::all_or_nothing(tx, work)).await;
        Ok(outcome??)
    }

    /// The live session of a token; writes its last use down when due.
    pub async fn session(&self, token: TokenHash) -> Result<Option<Who>, Problem> {
        match self.look(token).await? {
            Some(session) => {
                if session.touch_due {
                    self.write(move |tx| access::touch(tx, &token)).await?;
                }
                Ok(Some(session.who))
            }
            None => Ok(None),
        }
    }

    /// The same without counting as use.
    pub async fn look(&self, token: TokenHash) -> Result<Option<Session>, Problem> {
        self.read(move |conn| access::session(conn, &token)).await
    }

    /// Tells live work what a committed desk change means for it.
    pub fn tell(&self, after: Vec<After>) {
        for item in merged(after) {
            match item {
                After::Leads { added: 0, .. } | After::LeadsAgain { leads: 0, .. } => {}
                After::Leads { campaign, added } => self.app.shell.input(Input::LeadsAdded { campaign, added }),
                After::LeadsAgain { campaign, leads } => {
                    self.app.shell.input(Input::Redialled { campaign, leads });
                }
                After::Setting(setting) => self.app.shell.input(Input::Setting(setting)),
                After::Block(entry) => self.app.shell.input(Input::Block(entry)),
                After::Unblock { company, phone, prefix } => {
                    self.app.shell.input(Input::Unblock { company, phone, prefix });
                }
                // The handler that asked has taken it out.
                After::Said(_) => {}
                After::Trunks => self.app.shell.trunks_changed(),
                After::Prompts => self.app.shell.prompts_changed(),
                After::Changed { company, page } => {
                    self.sockets.tell_company(company, page);
                    if matches!(page, "notices" | "callbacks") {
                        self.announce.notify_one();
                    }
                }
                After::Kick(seat, code) => self.sockets.bye(seat, &Refusal::new(code)),
            }
        }
    }

    pub async fn audit(&self, who: &Who, client: &str, action: &str, object: String) -> Result<(), Problem> {
        let (who, client, action) = (who.clone(), client.to_owned(), action.to_owned());
        self.write(move |tx| audit::note(tx, &who, &client, &action, &object, "")).await
    }
}

/// Rows that went into one task one by one are told of once.
fn merged(after: Vec<After>) -> Vec<After> {
    let mut out: Vec<After> = Vec::with_capacity(after.len());
    for item in after {
        match (out.last_mut(), item) {
            (Some(After::Leads { campaign, added }), After::Leads { campaign: same, added: more })
                if *campaign == same =>
            {
                *added += more;
            }
            (_, item) => out.push(item),
        }
    }
    out
}
