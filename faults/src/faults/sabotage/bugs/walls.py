"""Bugs of the walls between authorities, of sealing, and of who may do what."""

from faults.sabotage.bug import Bug, Edit, Function, Statement

CATALOGUE = "packages/ledger/tests/test_catalogue.py"
REFUSING = "packages/ledger/tests/test_store_refusing.py"
SEALING = "packages/vault/tests/test_sealing.py"

BUGS = (
    Bug(
        "table-without-its-policy",
        "a table with an authority's rows forces no row level security",
        (Statement("alter table es.snapshots disable row level security"),),
        (CATALOGUE,),
    ),
    Bug(
        "policy-that-admits-all",
        "a handler sees the rows of every authority",
        (Statement("alter policy handler on es.events using (true) with check (true)"),),
        ("packages/ledger/tests/test_walls.py",),
    ),
    Bug(
        "authority-from-the-body",
        "the authority that a request names is taken, whatever the token's scope",
        (
            Edit(
                "chassis.edge.contexts",
                "tenant_of",
                "if tenant not in caller.scope:",
                "if False:",
            ),
            Edit(
                "chassis.identity.policy",
                "decide",
                "if request.tenant is not None and request.tenant not in request.scope:",
                "if False:",
            ),
        ),
        ("packages/chassis/tests/test_gate.py", "packages/chassis/tests/test_policy.py"),
    ),
    Bug(
        "scope-not-checked-at-the-append",
        "the store appends for an authority outside the caller's scope",
        (
            Function(
                "es.append",
                "select tenant = any (scopes[scope]::uuid[])",
                "select true",
            ),
            Function(
                "es.append_alone", "if not tenant = any (scope::uuid[]) then", "if false then"
            ),
        ),
        (REFUSING,),
    ),
    Bug(
        "default-allow",
        "what is no row of the policy is admitted",
        (
            Edit(
                "chassis.identity.policy",
                "decide",
                "if not rows:\n        return FORBIDDEN",
                "if not rows:\n"
                "        return Decision(Verdict.ADMITTED, Role.AUDITOR, frozenset())",
            ),
        ),
        ("packages/chassis/tests/test_policy.py",),
    ),
    Bug(
        "opened-before-recorded",
        "sealed data is opened though the reading could not be recorded",
        (
            Edit(
                "chassis.commands.access",
                "record_access",
                "for opening in openings:",
                "for opening in ():",
            ),
        ),
        ("packages/chassis/tests/test_access.py",),
    ),
    Bug(
        "sealed-to-no-place",
        "a sealed block opens wherever it is moved to",
        (
            Edit(
                "vault.sealing",
                "_bound",
                "place.stream_id.bytes,",
                "",
            ),
        ),
        (SEALING,),
    ),
    Bug(
        "plain-text-stored",
        "personal values are written in clear",
        (
            Edit(
                "vault.sealing",
                "seal_block",
                "ciphertext = key.aead.encrypt(nonce, _padded(block.fields), bound)",
                "ciphertext = _padded(block.fields)",
            ),
        ),
        ("packages/chassis/tests/test_execute.py", SEALING),
    ),
)
