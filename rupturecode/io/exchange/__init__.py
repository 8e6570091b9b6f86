"""What the readers and writers of other tools' codings share: counting, anchoring, naming."""
