import { useState } from "preact/hooks";
import { api, why } from "../api.ts";
import { session, toast } from "../desk.ts";
import { t } from "../texts.ts";
import { Button, Dialog, useId } from "./ui.tsx";

/** 修改密码: one's own, of the page; the phone's is another secret (F83). */
export function PasswordDialog({ close }: { close: () => void }) {
  const [error, setError] = useState("");
  const [busy, setBusy] = useState(false);
  const submit = async (event: Event) => {
    event.preventDefault();
    if (busy) return;
    const data = new FormData(event.currentTarget as HTMLFormElement);
    const [old, fresh, again] = ["old", "new", "again"].map((name) => String(data.get(name) ?? ""));
    if (fresh !== again) return setError(t("page.password.differ"));
    setBusy(true);
    setError("");
    try {
      await api.password(old!, fresh!);
      toast(t("page.password.done"));
      return close();
    } catch (refused) {
      setError(why(refused));
    }
    setBusy(false);
  };
  return (
    <Dialog title={t("page.password.title")} onClose={close}>
      <form class="form" onSubmit={submit}>
        <div class="body">
          <input hidden name="account" autocomplete="username" value={session.get()?.account ?? ""} readOnly />
          <Line name="old" label={t("page.password.old")} autocomplete="current-password" />
          <Line name="new" label={t("page.password.new")} autocomplete="new-password" />
          <Line name="again" label={t("page.password.again")} autocomplete="new-password" />
          <p class="hint">{t("page.password.hint")}</p>
        </div>
        {error && <p class="error" role="alert">{error}</p>}
        <footer>
          <Button submit look="main" disabled={busy}>{t("page.save")}</Button>
          <Button onClick={close}>{t("page.cancel")}</Button>
        </footer>
      </form>
    </Dialog>
  );
}

function Line({ name, label, autocomplete }: { name: string; label: string; autocomplete: string }) {
  const id = useId();
  return <div class="line"><label for={id}>{label}</label><div class="control"><input id={id} name={name} type="password" required autocomplete={autocomplete} maxLength={128} /></div></div>;
}
