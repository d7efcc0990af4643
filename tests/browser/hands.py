"""What a person does in the live views, with the names that stand on the controls, and what the person then reads."""

from playwright.sync_api import Locator, expect

CALLBACK = "https://diary.example/callback"
GOODBYE = "https://diary.example/goodbye"


def press(part: Locator, label: str) -> None:
    """Press the first button of this name."""
    part.get_by_role("button", name=label).first.click()


def reads(part: Locator, *said: str) -> None:
    """All of this can be read in the part, sooner or later."""
    for each in said:
        expect(part.get_by_text(each).filter(visible=True).first).to_be_visible()


def registers(form: Locator, name: str = "Travel Diary") -> None:
    """A Single page app is registered, with everything that a sign-in and a sign-out need."""
    form.get_by_label("Application type").select_option("Single page app")
    form.get_by_label("Application name", exact=True).fill(name)
    form.get_by_label("Redirect URIs", exact=True).fill(CALLBACK)
    form.get_by_label("Post sign-out redirect URIs", exact=True).fill(GOODBYE)
    form.get_by_label("CORS allowed origins", exact=True).fill("https://diary.example")
    form.get_by_label("Always issue refresh token", exact=True).check()
    press(form, "Save the new application")


def goes_to_the_end(stepper: Locator, end: str = "Done") -> None:
    """Everything that is left of a flow is sent."""
    press(stepper, "To the end")
    reads(stepper, end)


def steps_until(stepper: Locator, title: str) -> None:
    """Next is pressed until the message of this title is due."""
    onward = stepper.get_by_role("button", name="Next")
    while True:
        due = onward.text_content() or ""
        if due == f"Next: {title}":
            return
        onward.click()
        expect(onward).not_to_have_text(due)


def sends_a_wrong_verifier(stepper: Locator) -> None:
    """At the token request, which is due, the verifier is replaced by another one."""
    stepper.get_by_label("Value of code_verifier").fill("w" * 43)
    press(stepper, "Next")
    reads(stepper, "The provider refused: invalid_grant", "verifier_wrong", "Keep the verifier with the state")
