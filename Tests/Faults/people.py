"""People who use the portal by its pages: they read a form and send it with what they type."""

import html.parser
import http.client
import urllib.error
import urllib.parse
import urllib.request

WITHIN_S = 60


class Answer:
    """An answer, with redirects left alone."""

    def __init__(self, status: int, headers, text: str):
        self.status = status
        self.location = headers.get("Location", "")
        self.cookie = (headers.get("Set-Cookie") or "").partition(";")[0]
        self.text = text


class Gone(Exception):
    """There was no answer: the portal ended."""


class Person:
    """Somebody signed in. `moved` is the same person at another start of the portal."""

    def __init__(self, url: str, login: str, password: str, cookie: str = ""):
        self.url, self.login, self.password, self.cookie = url, login, password, cookie

    def signed_in(self) -> "Person":
        answer = self.post("/session", {"login": self.login, "password": self.password})
        if answer.status != 303:
            raise RuntimeError(f"{self.login} could not sign in: {answer.status}")
        return Person(self.url, self.login, self.password, answer.cookie)

    def moved(self, url: str) -> "Person":
        return Person(url, self.login, self.password, self.cookie)

    def get(self, path: str) -> Answer:
        return self._send(urllib.request.Request(self.url + path))

    def post(self, path: str, fields: dict[str, str]) -> Answer:
        body = urllib.parse.urlencode(fields).encode()
        request = urllib.request.Request(self.url + path, data=body)
        request.add_header("Sec-Fetch-Site", "same-origin")
        return self._send(request)

    def form(self, page: str, ending: str) -> "Form":
        """The form of a page whose action ends so."""
        reader = _Forms()
        answer = self.get(page)
        reader.feed(answer.text)
        for action, fields in reader.found:
            if action.endswith(ending):
                return Form(self, action, fields)
        raise LookupError(f"{page} ({answer.status}) has no form for {self.login} to {ending}")

    def _send(self, request: urllib.request.Request) -> Answer:
        if self.cookie:
            request.add_header("Cookie", self.cookie)
        try:
            with _opener.open(request, timeout=WITHIN_S) as answer:
                return self._kept(Answer(answer.status, answer.headers, answer.read().decode()))
        except urllib.error.HTTPError as answer:
            return self._kept(Answer(answer.code, answer.headers, answer.read().decode()))
        except (OSError, http.client.HTTPException) as problem:
            raise Gone(str(problem)) from problem

    def _kept(self, answer: Answer) -> Answer:
        """Who has shown anew who they are goes on under another token."""
        if self.cookie and answer.cookie:
            self.cookie = answer.cookie
        return answer


class Form:
    """A form as a page has it, ready to be filled in and sent, more than once if need be."""

    def __init__(self, person: Person, action: str, fields: dict[str, str]):
        self._person, self._action, self.fields = person, action, fields

    def send(self, **typed: str) -> Answer:
        return self._person.post(self._action, self.fields | typed)

    def raw(self, **typed: str) -> bytes:
        """What `send` sends, as bytes on the wire."""
        body = urllib.parse.urlencode(self.fields | typed)
        head = [
            f"POST {self._action} HTTP/1.1",
            "Host: " + urllib.parse.urlsplit(self._person.url).netloc,
            "Content-Type: application/x-www-form-urlencoded",
            f"Content-Length: {len(body)}",
            f"Cookie: {self._person.cookie}",
            "Sec-Fetch-Site: same-origin",
            "Connection: close",
        ]
        return "\r\n".join([*head, "", body]).encode()


class _Forms(html.parser.HTMLParser):
    """Every form of a page with its hidden fields."""

    def __init__(self):
        super().__init__()
        self.found: list[tuple[str, dict[str, str]]] = []

    def handle_starttag(self, tag, attributes):
        attribute = dict(attributes)
        if tag == "form":
            self.found.append((attribute.get("action", ""), {}))
        elif tag == "input" and attribute.get("type") == "hidden" and self.found:
            self.found[-1][1][attribute["name"]] = attribute.get("value") or ""


class _NoRedirect(urllib.request.HTTPRedirectHandler):
    def redirect_request(self, *_):
        return None


_opener = urllib.request.build_opener(_NoRedirect)
