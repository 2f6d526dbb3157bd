"""How the blog is at the moment."""

import dataclasses


@dataclasses.dataclass
class State:
    """What there is to change about the blog, by control or by what it is asked to do."""

    title: str = "Ghost blog"
    version: str = "5.87.1"
    is_down: bool = False  # the load balancer finds no healthy target
    admin_answers: bool = True
    missing_theme: str = ""
    redirect: str = ""
    delay_ms: int = 0
    refuses_with_501: bool = False  # what a key may not do, as Ghost 5 answers it
    staff_is_limited: bool = False  # staff tokens may no more than integrations, as in older ones
    is_production: bool = True  # elsewhere uploads answer with warnings
    mail_from: str = "noreply@example.com"  # of the server's configuration; "" is none
    drops_setting: str = ""  # one it neither knows nor refuses, as another version may
    clock_ahead_s: int = 0  # how far Ghost's clock is ahead of this computer's

    def change(self, changes: dict) -> None:
        """Raises ValueError for what is not known, and changes nothing then."""
        fields = {field.name: field.type for field in dataclasses.fields(self)}
        for name, value in changes.items():
            if name not in fields or type(value) is not fields[name]:
                raise ValueError(f"give {fields}, not {name}: {value!r}")
        for name, value in changes.items():
            setattr(self, name, value)
