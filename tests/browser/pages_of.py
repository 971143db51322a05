"""Every page of a demo centre as its readers see it: found by its routes and by the links between.

What must stay true: a page is asked for once, as whoever may open it, and kept as it was answered;
the browser is shown that answer. So the walk costs one rendering a page, and nothing it finds
depends on what was looked at before.
"""

from __future__ import annotations

import html
import re
import threading
from collections import defaultdict
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from flask import template_rendered
from werkzeug.exceptions import HTTPException
from werkzeug.routing import Rule
from werkzeug.serving import make_server

from tests import routes
from tests.routes import Route, World

LINK = re.compile(r'href="(/c/\d+/[^"#]*)')
FILES = re.compile(r"\.(pdf|csv|xlsx|zip|<.*>)$|/(thumbnail|picture|original)$|^/static/|^/api/")
"""Addresses that answer with something else than a page."""
READERS = ("manager", "accountant", "officer", "producer", "cashier", "stock")
"""Each page is looked at as the first of them who may open it."""
TRIES = 4
"""So many documents of a kind are tried until one is in the state a page is for."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A page as it was answered: to whom, where, and by which template."""

    who: str
    address: str
    template: str
    rule: str
    body: bytes
    headers: list[tuple[str, str]]
    listed: bool
    """Whether it shows a list page by page."""


@dataclass
class Walk:
    """What was found so far, by template; one page of each."""

    world: World
    pages: dict[str, Kept] = field(default_factory=dict)
    _rules: set[str] = field(default_factory=set)
    _tries: dict[str, int] = field(default_factory=lambda: defaultdict(int))
    _asked: set[str] = field(default_factory=set)
    _rendered: list[tuple[str, bool]] = field(default_factory=list)

    def go(self) -> None:
        """Follow the routes, and the links on every page found, until nothing new comes up."""
        with template_rendered.connected_to(self._note, self.world.app):
            for who in READERS:
                waiting = [*self._by_rules()]
                while waiting:
                    waiting.extend(self._open(who, waiting.pop(0)))

    def _note(self, sender: Any, template: Any, context: dict[str, Any], **_rest: Any) -> None:
        self._rendered.append((template.name, "next_url" in context))

    def _by_rules(self) -> Iterator[str]:
        for route, rule in sorted(routes.routes_of(self.world.app).items()):
            if route.method == "GET" and routes.is_of_a_centre(route):
                yield self.world.path_of(rule, "GET", self.world.centre_id)

    def _rule_of(self, address: str) -> Rule | None:
        adapter = self.world.app.url_map.bind("localhost")
        try:
            rule, _values = adapter.match(address.partition("?")[0], "GET", return_rule=True)
        except HTTPException:
            return None
        return rule  # type: ignore[return-value]

    def _open(self, who: str, address: str) -> Iterable[str]:
        """Ask for an address if its kind is still wanted; return the addresses it leads to."""
        rule = self._rule_of(address)
        if rule is None or rule.rule in self._rules or FILES.search(rule.rule):
            return ()
        if (key := f"{who} {address}") in self._asked or self._tries[f"{who} {rule.rule}"] >= TRIES:
            return ()
        self._asked.add(key)
        self._tries[f"{who} {rule.rule}"] += 1
        self._rendered.clear()
        answer = self.world.browsers[who].client.get(address)
        if answer.status_code != 200 or answer.mimetype != "text/html" or not self._rendered:
            return ()
        self._rules.add(rule.rule)
        template, listed = self._rendered[-1]
        headers = [(k, v) for k, v in answer.headers if k in {"Content-Type", *STRICT}]
        kept = Kept(who, address, template, rule.rule, answer.data, headers, listed)
        self.pages.setdefault(template, kept)
        return map(html.unescape, LINK.findall(answer.get_data(as_text=True)))


STRICT = ("Content-Security-Policy", "X-Content-Type-Options")


@contextmanager
def serving(walk: Walk) -> Iterator[str]:
    """Answer a browser with what was kept, and with the product for all the rest."""
    kept = {page.address: page for page in walk.pages.values()}

    def answer(environ: dict[str, Any], start: Any) -> Iterable[bytes]:
        query = environ.get("QUERY_STRING")
        page = kept.get(environ["PATH_INFO"] + (f"?{query}" if query else ""))
        if page is None or environ["REQUEST_METHOD"] != "GET":
            return walk.world.app(environ, start)
        start("200 OK", page.headers)
        return [page.body]

    server = make_server("127.0.0.1", 0, answer, threaded=True)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}"
    finally:
        server.shutdown()
        thread.join()
        server.server_close()


def unseen(walk: Walk, route: Route) -> bool:
    """Tell whether a page's route was not opened by anybody."""
    return route.method == "GET" and not FILES.search(route.rule) and route.rule not in walk._rules
