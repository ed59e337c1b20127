// Replaces the text area of the SPARQL page by CodeMirror. The form submits the
// text area as before: the editor only writes into it. Its styles live in a
// shadow root as constructed style sheets, which the page's content security
// policy allows.
import { basicSetup } from "codemirror";
import { EditorView, keymap } from "@codemirror/view";
import { sparql } from "codemirror-lang-sparql";

const area = document.querySelector("textarea#query");
if (area) {
  const host = document.createElement("div");
  host.className = "editor";
  area.after(host);
  area.hidden = true;
  const root = host.attachShadow({ mode: "open" });
  new EditorView({
    doc: area.value,
    root,
    parent: root,
    extensions: [
      keymap.of([{ key: "Mod-Enter", run: () => (area.form.requestSubmit(), true) }]),
      basicSetup,
      sparql(),
      EditorView.contentAttributes.of({ "aria-label": "Query" }),
      EditorView.lineWrapping,
      EditorView.updateListener.of((update) => {
        if (update.docChanged) area.value = update.state.doc.toString();
      }),
    ],
  });
}
