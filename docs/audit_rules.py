"""The rules that Caretaker's audit log must keep, as docs/audit-format.md has them, held against what
the log says of people and changes. Part of audit-verify.py."""

FINAL = {
    "succeeded", "failed_no_effect", "failed_partial", "rejected", "withdrawn", "revoked",
    "expired", "stale",
}  # fmt: skip
OPEN = {"pending", "approved", "executing", "verifying", "unknown"}
MOVES = {
    "pending": {"expired", "stale"},
    "executing": {"verifying", "unknown", "failed_no_effect", "failed_partial"},
    "verifying": {"unknown", "succeeded", "failed_partial"},
    "unknown": {"succeeded", "failed_no_effect", "failed_partial"},
}  # fmt: skip
APPROVERS = {"approver", "administrator"}
TIES = {"person.added", "person.role_changed", "person.password_reset", "person.enabled"}


class RuleBroken(Exception):
    """The words of the rule."""


class Team:
    """Whose approval counts, by what the log has said of people and the policy."""

    def __init__(self):
        self.members, self.role_age_ms, self.tie_ms = {}, 0, 0

    def apply(self, type_, person, at, data):
        if type_ == "policy.set":
            self.role_age_ms = data.get("role_age_ms", self.role_age_ms)
            self.tie_ms = data.get("tie_ms", self.tie_ms)
        if not type_.startswith("person.") or "about" not in data:
            return
        new = {"role": None, "since": 0, "disabled": False, "ties": {}, "shares": set()}
        member = self.members.setdefault(data["about"], new)
        if type_ in ("person.added", "person.role_changed"):
            member["role"], member["since"] = data.get("role"), at
        elif type_ in ("person.disabled", "person.enabled"):
            member["disabled"] = type_ == "person.disabled"
        elif type_ in ("person.linked", "person.unlinked"):
            member["shares"] = set(data.get("same_as", []))
            for other, they in self.members.items():
                they["shares"].discard(data["about"])
                if other in member["shares"]:
                    they["shares"].add(data["about"])
        if person is not None and type_ in TIES:
            member["ties"][person] = at
        if type_ == "person.password_chosen" and "by" in data:
            member["ties"][data["by"]] = at

    def counted(self, approvals, editors, at):
        """How many different humans among those who approved count."""
        seen = []
        for person in sorted(approvals):
            if self.counts(person, editors, at) and not any(self.same(p, person) for p in seen):
                seen.append(person)
        return len(seen)

    def counts(self, person, editors, at):
        member = self.members.get(person)
        if not member or member["role"] not in APPROVERS or member["disabled"]:
            return False
        if at - member["since"] < self.role_age_ms:
            return False
        authors = set().union(*(self.accounts(e) for e in editors))
        ties = member["ties"]
        tied = any(a in ties and at - ties[a] < self.tie_ms for a in authors)
        return not tied and person not in authors

    def accounts(self, person):
        """Everybody who is one human with a person, by a shared account or a chain of them."""
        found, new = {person}, [person]
        while new:
            more = self.members.get(new.pop(), {}).get("shares", set()) - found
            found |= more
            new += more
        return found

    def disabled(self, person):
        return self.members.get(person, {}).get("disabled", False)

    def same(self, one, other):
        return other in self.accounts(one)


class Story:
    """What the log has said of one change, held against the rules."""

    def __init__(self, person, data):
        self.editors, self.state, self.running = set(), "pending", False
        self.attempts, self.executors, self.finder = 0, set(), None
        self.requester = person
        require(person is not None, "was edited by nobody")
        self.revise(data)
        self.editors.add(person)

    def revise(self, data):
        needed = data.get("approvals")
        least = {"c1": 0, "c2": 1, "c3": 1}.get(data.get("guarding"))
        require(data.get("digest") and needed is not None, "was edited by nobody")
        require(least is not None and needed >= least, "was edited by nobody")
        self.digest, self.needed = data["digest"], needed
        self.rest_ms = data.get("cooling_off_ms", 0)
        self.restores = data.get("restores_service", False)
        self.approvals = {}

    def apply(self, type_, person, at, data, team):
        require(self.state not in FINAL, "went on after its end")
        if type_ == "change.revised":
            require(self.attempts == 0, "was edited after its run began")
            require(person is not None, "was edited by nobody")
            self.revise(data)
            self.editors.add(person)
        elif type_ == "change.repriced":
            require(self.attempts == 0, "was edited after its run began")
            needed = self.needed
            self.revise(data)
            is_fair = person is None and self.needed >= needed
            require(is_fair, "was given other prices by somebody, or needs less with them")
        elif type_ == "change.approved":
            require(self.attempts == 0, "was approved after its run began")
            require(person is not None and person not in self.editors, "was approved by its author")
            require(data.get("digest") == self.digest, "was approved as another plan")
            self.approvals[person] = at
        elif type_ == "change.vote_withdrawn":
            self.approvals.pop(person, None)
        elif type_ in ("change.withdrawn", "change.rejected", "change.revoked"):
            require(self.attempts == 0, "was taken back after its run began")
            self.state = type_.removeprefix("change.")
        elif type_ == "change.found":
            is_other = not any(team.same(one, person) for one in self.executors)
            require(person is not None and is_other, "was settled by who ran it")
            self.finder = person
        elif type_ == "step.intended":
            require(self.running, "made a call while it was not running")
            is_own = data.get("digest") == self.digest and data.get("attempt") == self.attempts
            require(is_own, "made a call of another plan or run")
        elif type_ == "change.moved":
            state = data.get("state")
            require(state in FINAL | OPEN, "moved to a state that does not exist")
            require(state in MOVES[self.state], f"went from {self.state} to {state}")
            if person is not None and self.state == "unknown" and state in FINAL:
                require(person == self.finder, "was settled without a finding")
            self.state, self.running = state, False

    def run(self, person, at, data, team, emergencies):
        require(self.state not in FINAL, "was run after its end")
        require(data.get("digest") == self.digest, "was run as another plan")
        require(not team.disabled(self.requester), "was run for somebody disabled")
        declared = emergencies.get(data.get("emergency"))
        if declared:
            covered = declared[0] == person and at <= declared[1] and self.restores
            require(covered, "was run in an emergency that does not cover it")
        else:
            enough = team.counted(self.approvals, self.editors, at) >= self.needed
            require(enough, f"was run without {self.needed} other persons who count")
            if self.approvals and self.rest_ms > 0:
                rested = at - max(self.approvals.values()) >= self.rest_ms
                require(rested, "was run before its cooling-off ended")
        attempt = data.get("attempt", 1)
        again = attempt == 1 or self.state == "unknown"
        require(attempt == self.attempts + 1 and again and not self.running, "was run twice")
        self.attempts, self.finder = attempt, None
        # What the clock runs is run for who proposed it.
        self.executors.add(self.requester if person is None else person)
        self.state, self.running = "executing", True


class Replay:
    """Runs through the log in order and raises where it tells of what must not have happened."""

    def __init__(self):
        self.team, self.stories, self.emergencies = Team(), {}, {}

    def apply(self, entry):
        data, type_ = entry.get("data", {}), entry.get("type", "")
        person, at = entry.get("person"), entry.get("at")
        self.team.apply(type_, person, at, data)
        if type_.startswith("emergency."):
            return self.apply_emergency(type_, person, data)
        if not type_.startswith(("change.", "run.", "step.")) or type_.endswith(".refused"):
            return
        number = data.get("change")
        if number is None:
            return
        try:
            if type_ == "change.proposed":
                require(number not in self.stories, "was proposed twice, or by nobody")
                self.stories[number] = Story(person, data)
                return
            require(number in self.stories, "was never proposed")
            if type_ == "run.started":
                self.stories[number].run(person, at, data, self.team, self.emergencies)
            else:
                self.stories[number].apply(type_, person, at, data, self.team)
        except RuleBroken as broken:
            raise RuleBroken(f"CR-{number} {broken}") from None

    def apply_emergency(self, type_, person, data):
        number = data.get("emergency")
        require(number is not None, "an emergency has no number")
        if type_ == "emergency.declared":
            self.emergencies[number] = (person, data.get("until", 0))
        elif person is not None and number in self.emergencies:
            is_other = not self.team.same(self.emergencies[number][0], person)
            require(is_other, f"E-{number} was reviewed by who declared it")


def require(holds, words):
    if not holds:
        raise RuleBroken(words)
