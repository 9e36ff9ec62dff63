import { html } from "../../../cli/report/html-template";
import { permissionInWords } from "../../../evolution/access/words";

test.each([
  ["a\u202Eb", "a\\u{202e}b"],
  ["a\u001B[31mb", "a\\u{1b}[31mb"],
  ["a\n\tb<i>", "a\n\tb&lt;i&gt;"],
])("no control character reaches the page: %j", (text, expected) => {
  expect(html`<p>${text}</p>`.text).toBe(`<p>${expected}</p>`);
});

test.each([
  ["group:a@example.com", "group:a@example.com may read"],
  ["user:a@example.com may read. Nothing\nelse", '"user:a@example.com may read. Nothing\\nelse" may read'],
])("what is no name is quoted: %j", (member, expected) => {
  expect(permissionInWords({ member, role: "roles/bigquery.dataViewer" })).toBe(expected);
});
