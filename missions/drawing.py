"""The drawing of the lifecycle, from its table."""

from missions import lifecycle


def mermaid() -> str:
    """A Mermaid state diagram."""
    lines = ["stateDiagram-v2", "    direction LR", f"    [*] --> {lifecycle.State.DRAFT}"]
    lines += [f"    {state} : {words[0]}" for state, words in lifecycle.LABELS.items()]
    for step in lifecycle.TRANSITIONS.values():
        sources = [state for state in lifecycle.LABELS if state in step.sources]
        lines += [f"    {source} --> {step.target} : {step.label}" for source in sources]
    lines += [f"    {state} --> [*]" for state in lifecycle.LABELS if state in lifecycle.FINAL]
    return "\n".join(lines)
