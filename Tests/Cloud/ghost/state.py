"""How the blog is at the moment."""

import dataclasses


@dataclasses.dataclass
class State:
    """What there is to change about the blog, by control or by what it is asked to do."""

    title: str = "Ghost blog"
    version: str = "5.87"
    is_down: bool = False  # the load balancer finds no healthy target
    admin_answers: bool = True
    missing_theme: str = ""
    redirect: str = ""
    delay_ms: int = 0

    def change(self, changes: dict) -> None:
        """Raises ValueError for what is not known, and changes nothing then."""
        fields = {field.name: field.type for field in dataclasses.fields(self)}
        for name, value in changes.items():
            if name not in fields or type(value) is not fields[name]:
                raise ValueError(f"give {fields}, not {name}: {value!r}")
        for name, value in changes.items():
            setattr(self, name, value)
