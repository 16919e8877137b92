"""Airflow's page of connections, as somebody uses it who looks at labels and buttons."""

from __future__ import annotations

from collections.abc import Mapping
from typing import NamedTuple

from playwright.sync_api import Locator, Page, expect

from airflow_provider_adls.connection_form import FIELDS, HOOK_NAME, RELABELING

CHOICES = {field.label for field in FIELDS if field.choices}
STANDARD = tuple(RELABELING.values())


class ShownField(NamedTuple):
    """A field as the form shows it.

    :param label: what it is called.
    :param description: what stands beneath it.
    :param kind: text, password, number or choice.
    """

    label: str
    description: str
    kind: str


class ConnectionPage:
    """The list of connections and the dialog over it.

    :param page: of a signed-in user.
    :param url: Airflow's.
    """

    def __init__(self, page: Page, url: str) -> None:
        self.page = page
        self.dialog = page.get_by_role("dialog")
        page.set_viewport_size({"width": 960, "height": 560})
        page.goto(f"{url}/connections")

    def add(self) -> None:
        """Open the form for a new connection, and choose our type by typing a part of its name."""
        # What is beneath the window's edge would be cut off in a picture.
        self.page.set_viewport_size({"width": 960, "height": 3000})
        self.page.get_by_role("button", name="Add Connection").click()
        box = self.dialog.get_by_role("combobox", name="Connection Type")
        box.click()
        box.fill("Data Lake Storage (Gen1")

    def choose_type(self) -> None:
        """Take the type that the list offers."""
        self.page.get_by_role("option", name=HOOK_NAME, exact=True).click()
        expect(self.dialog.get_by_label("Client ID")).to_be_visible()

    def show_extra_fields(self) -> None:
        """Unfold what is folded at first."""
        self.dialog.get_by_role("button", name="Extra Fields", exact=True).click()
        expect(self.group(FIELDS[0].label)).to_be_visible()

    def group(self, label: str) -> Locator:
        """A field with its label and description."""
        return self.dialog.get_by_role("group").filter(has=self.page.get_by_text(label, exact=True))

    def extra_fields(self) -> list[ShownField]:
        """The fields of ours, from top to bottom."""
        region = self.dialog.get_by_role("region").filter(has=self.page.get_by_text(FIELDS[0].label))
        shown = []
        for group in region.get_by_role("group").all():
            lines = [line for line in group.inner_text().splitlines() if line]
            choice = group.get_by_role("combobox").count() > 0
            kind = "choice" if choice else str(group.locator("input").first.get_attribute("type") or "text")
            shown.append(ShownField(lines[0], lines[-1], kind))
        return shown

    def choices(self, label: str) -> list[str]:
        """What a field's list offers."""
        self.group(label).get_by_role("combobox").click()
        options = self.page.get_by_role("option")
        expect(options.first).to_be_visible()
        offered = options.all_inner_texts()
        # The escape key would close the form with the list.
        self.dialog.get_by_role("heading").first.click()
        expect(options).to_have_count(0)
        return offered

    def fill(self, values: Mapping[str, str]) -> None:
        """Put values into fields, by label."""
        for label, value in values.items():
            if label in CHOICES:
                self.group(label).get_by_role("combobox").click()
                self.page.get_by_role("option", name=value, exact=True).click()
            elif label in STANDARD or label == "Connection ID":
                # A star follows the label of a field that is required.
                self.dialog.get_by_label(label).fill(value)
            else:
                self.group(label).locator("input").first.fill(value)

    def save(self) -> None:
        """Save, and see the list again."""
        self.dialog.get_by_role("button", name="Save").click()
        expect(self.dialog).to_have_count(0)
        self.page.set_viewport_size({"width": 960, "height": 560})

    def open(self, conn_id: str) -> None:
        """Open a stored connection's form."""
        self.page.set_viewport_size({"width": 960, "height": 3000})
        self._row(conn_id).get_by_role("button", name="Edit Connection").click()
        expect(self.dialog.get_by_label("Client ID")).to_be_visible()

    def test(self, conn_id: str) -> str:
        """Press the test button, and read what comes of it: a title and a message."""
        # Else what Airflow said of the saving may still stand over the button.
        self.page.reload()
        self._row(conn_id).get_by_role("button", name="Test Connection").click()
        said = self.page.get_by_role("status").filter(has_text="Test Connection")
        expect(said).to_be_visible()
        return said.inner_text()

    def cut_off(self) -> list[str]:
        """Texts of the dialog that are wider than their place, so that their end cannot be read."""
        script = """
            (dialog) => [...dialog.querySelectorAll('*')]
              .filter((each) => each.innerText && each.clientWidth > 1
                && each.scrollWidth > each.clientWidth + 1 && getComputedStyle(each).overflowX !== 'visible')
              .map((each) => each.innerText)
              .concat([...dialog.querySelectorAll('input[placeholder]')].filter((input) => {
                // What is folded has no width.
                if (!input.clientWidth) return false;
                const canvas = document.createElement('canvas').getContext('2d');
                const style = getComputedStyle(input);
                canvas.font = style.font;
                const padding = parseFloat(style.paddingLeft) + parseFloat(style.paddingRight);
                return canvas.measureText(input.placeholder).width > input.clientWidth - padding;
              }).map((input) => input.placeholder))
        """
        return list(self.dialog.evaluate(script))

    def values(self) -> list[str]:
        """Everything that stands in an input of the dialog, shown or not."""
        return list(
            self.dialog.evaluate(
                "(dialog) => [...dialog.querySelectorAll('input, textarea')].map((each) => each.value)"
            )
        )

    def _row(self, conn_id: str) -> Locator:
        cell = self.page.get_by_role("cell", name=conn_id, exact=True)
        return self.page.get_by_role("row").filter(has=cell)
