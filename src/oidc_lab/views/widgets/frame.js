// The body of a handler that runs when a view of a frame comes into the page. What is done in the frame is said over
// its wire, the hidden field that Python reads; a part that is drawn anew keeps the focus and the folds.
const frame = this.closest(".ol-frame");
if (frame.olWired) return; // scrolling away and back brings it into the page again
frame.olWired = true;
frame.setAttribute("role", "group");
frame.setAttribute("aria-label", frame.querySelector(".ol-title").textContent);

// The latest stay in the field, so that nothing is lost when two things are done before Python has read the first.
const KEPT = 60;
const own = ({ dataset: { lmSuppressShortcuts, ...data } }) => data; // that one is ours
let asked = false; // something was done here, and what came of it was not brought before anybody's eyes yet
const send = (control, more) => {
  asked = true;
  const wire = frame.querySelector(":scope > .ol-wire input");
  const said = JSON.parse(wire.value || "[]");
  const last = said.at(-1);
  const message = { ...own(control), ...more, number: Math.max(Date.now(), (last?.number ?? 0) + 1) };
  const typedOn = message.on === "input" && last?.do === message.do && last?.name === message.name;
  if (typedOn) said.pop(); // of what is typed in one field only the latest counts
  wire.value = JSON.stringify([...said, message].slice(-KEPT));
  wire.dispatchEvent(new Event("input", { bubbles: true }));
};
const value = (field) => (field.type === "checkbox" ? (field.checked ? "on" : "") : field.value);
const listen = (type, done) =>
  frame.addEventListener(type, (event) => {
    const control = event.target.closest("[data-do]");
    if (control?.closest(".ol-frame") === frame) done(control, event);
  });
listen("click", (control) => control.tagName === "BUTTON" && send(control));
listen("input", (control) => control.dataset.on === "input" && send(control, { value: value(control) }));
listen("change", (control) => control.dataset.on === "change" && send(control, { value: value(control) }));
// For what no control can say by itself, such as a form in a page of its own.
listen("said", (control, event) => send(control, event.detail));
// Enter in a field presses the button that the field names.
listen("keydown", (control, event) => {
  if (event.key !== "Enter" || event.isComposing || !control.dataset.enter) return;
  event.preventDefault();
  send(control, { value: value(control) });
  const named = [...frame.querySelectorAll("button")].find((each) => each.dataset.do === control.dataset.enter);
  if (named) named.click();
  else send({ dataset: { do: control.dataset.enter } });
});

let held; // what had the focus last
frame.addEventListener("focusin", (event) => {
  held = event.target;
  held.dataset.lmSuppressShortcuts = "true"; // d d on a button would delete the notebook's cell
});
// JupyterLab takes line breaks away from every field in a cell, in a listener at the field.
frame.addEventListener("beforeinput", (event) => event.stopPropagation(), true);
frame.addEventListener("click", (event) => {
  const summary = event.target.closest("summary");
  if (summary) summary.olTurned = true;
});
const key = (each) => each.tagName + JSON.stringify(own(each)) + (each.matches("summary, a") ? each.textContent : "");
const twin = (one, before, after) => {
  const alike = (part) => [...part.querySelectorAll(one.tagName)].filter((each) => key(each) === key(one));
  return alike(after)[alike(before).indexOf(one)];
};
const keepFolds = (before, after) => {
  for (const summary of before.querySelectorAll("summary")) {
    const again = summary.olTurned && twin(summary, before, after);
    if (!again) continue;
    again.olTurned = true;
    again.parentElement.open = summary.parentElement.open;
  }
};
const keepFocus = (before, after, part) => {
  if (!before.contains(held) || document.activeElement !== document.body) return;
  const [from, to] = [held.selectionStart, held.selectionEnd];
  const again = after && twin(held, before, after);
  if (!again || again.disabled) part.tabIndex = -1; // so that the next Tab goes on from here
  (again && !again.disabled ? again : part).focus({ preventScroll: true });
  if (Number.isInteger(from)) again?.setSelectionRange?.(from, to);
};
new MutationObserver((changes) => {
  // A reader of the screen hears what comes into a part that was there, and was marked, before.
  for (const part of frame.querySelectorAll(".ol-told")) part.setAttribute("aria-live", "polite");
  for (const { target, removedNodes: [before], addedNodes: [after] } of changes) {
    if (!target.matches(".widget-html-content") || target.closest(".ol-frame") !== frame) continue;
    if (before && after) keepFolds(before, after);
    if (before) keepFocus(before, after, target);
    if (!after || !asked || !target.closest(".ol-error")) continue;
    asked = false;
    after.scrollIntoView({ block: "nearest" });
  }
}).observe(frame, { childList: true, subtree: true });
