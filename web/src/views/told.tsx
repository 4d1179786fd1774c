import { useState } from "preact/hooks";
import { t } from "../texts.ts";
import { Button, Dialog, download, useId } from "./ui.tsx";

/** Whether an answer is more than a word in passing: several lines, or a password that is shown this once. */
export const toKeep = (action: string, text: string): boolean => text.includes("\n") || action.includes("password");

/** What the service says only once: it stays until it is closed, to be copied or saved. */
export function ToldDialog({ title, text, close }: { title: string; text: string; close: () => void }) {
  const id = useId();
  const [copied, setCopied] = useState(false);
  const lines = text.split("\n").length;
  const save = () => {
    // Excel takes a file for UTF-8 only with the mark.
    const link = URL.createObjectURL(new Blob(["\ufeff", text.replace(/\r?\n/g, "\r\n")], { type: "text/csv" }));
    download(link, `${title}.csv`);
    setTimeout(() => URL.revokeObjectURL(link), 60_000);
  };
  return (
    <Dialog title={title} wide={lines > 1} onClose={close}>
      <div class="body">
        <label for={id}>{t("page.told.once")}</label>
        <textarea id={id} class="told" readOnly rows={Math.min(16, Math.max(2, lines))} value={text} />
      </div>
      <footer>
        <Button look="main" onClick={() => void navigator.clipboard.writeText(text).then(() => setCopied(true), () => {})}>{t(copied ? "page.told.copied" : "page.told.copy")}</Button>
        {lines > 1 && <Button onClick={save}>{t("page.told.save")}</Button>}
        <Button onClick={close}>{t("page.close")}</Button>
      </footer>
    </Dialog>
  );
}
