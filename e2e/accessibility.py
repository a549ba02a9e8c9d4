"""What keeps people out of a page, as axe sees it: every rule it has, also those it leaves off."""

from __future__ import annotations

from playwright.sync_api import Page

from e2e.stack import ROOT

AXE = ROOT / "raggen-web/node_modules/axe-core/axe.min.js"

# WCAG 2.2's size of what is tapped, and two rules that axe calls experiments.
MORE_RULES = ("target-size", "label-content-name-mismatch", "css-orientation-lock")

RUN = """rules => axe.run({ rules: Object.fromEntries(rules.map(id => [id, { enabled: true }])) })
  .then(found => found.violations.map(one =>
    one.id + ': ' + one.nodes.map(node => node.target.join(' ')
      + ' (' + node.failureSummary.split('\\n').slice(1, 3).join(' ').trim() + ')').join(', ')))"""


def expect_accessible(page: Page, name: str) -> None:
    """Fail, naming the page as `name`, on what axe objects to and on scrolling sideways."""
    if not page.evaluate("typeof axe === 'object'"):
        page.evaluate(AXE.read_text())
    violations: list[str] = page.evaluate(RUN, list(MORE_RULES))
    assert not violations, f"{name}: " + "\n".join(violations)
    too_wide = page.evaluate("document.documentElement.scrollWidth > window.innerWidth")
    assert not too_wide, f"{name} scrolls sideways"
