"""`LakeCommand`: a command with examples in its help, whose errors are one line and an exit status.

`command`, `signing_in` and `printing` declare one: ::

    @command("ls", examples="adls-gen1 ls /raw")
    @signing_in
    @printing
    def list_paths(session: Session, out: Output) -> None: ...
"""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import sys
from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any, NoReturn, TypeVar, cast

import click

from airflow_provider_adls.commands.completion import complete_path
from airflow_provider_adls.commands.output import Output, printable
from airflow_provider_adls.commands.sign_in import CONN_ID, OPTIONS, PREFIX, Session
from airflow_provider_adls.commands.statuses import Status, status_of

if TYPE_CHECKING:
    from types import FrameType

    from click.shell_completion import CompletionItem

PROGRAM = "adls-gen1"
F = TypeVar("F", bound=Callable[..., Any])
#: Options that say who signs in, beside the connection and the account; each has a variable.
_SIGN_IN = {
    "cloud": "Azure cloud: public, china, us_government, germany, custom, or emulator.",
    "container": "Container of a Gen2 account; without one the account is of Gen1.",
    "endpoint": "URL of the file system where the cloud's own is not the one; {account} stands for the name.",
    "tenant_id": "Directory to sign in at; AZURE_TENANT_ID too.",
    "client_id": "Application to sign in as; AZURE_CLIENT_ID too. Its secret: AZURE_CLIENT_SECRET.",
    "auth_method": "client_secret, client_certificate, managed_identity, workload_identity, default; for a"
    " container account_key or sas, too.",
    "ca_file": "PEM file of the authorities to trust.",
}
_ACCOUNTS = {
    "subscription_id": "Subscription of the accounts; AZURE_SUBSCRIPTION_ID too.",
    "resource_group": "Resource group of the account.",
}
_SIGN_IN_NAMES = {"conn_id", "account", *_SIGN_IN, *_ACCOUNTS}


class LakeCommand(click.Command):
    """A command whose errors end it with a line on the standard error, and an exit status.

    :param examples: lines for its help.
    """

    def __init__(self, *args: Any, examples: str = "", **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.examples = examples

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, and those of signing in apart."""
        sections: dict[str, list[tuple[str, str]]] = {"Options": [], "Sign-in": []}
        for param in self.get_params(ctx):
            if (record := param.get_help_record(ctx)) is not None:
                sections["Sign-in" if param.name in _SIGN_IN_NAMES else "Options"].append(record)
        for title, rows in sections.items():
            if rows:
                with formatter.section(title):
                    formatter.write_dl(rows)

    def format_epilog(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the examples."""
        super().format_epilog(ctx, formatter)
        if self.examples:
            with formatter.section("Examples"):
                for line in self.examples.strip().splitlines():
                    formatter.write(f"  {line.strip()}\n")

    def invoke(self, ctx: click.Context) -> Any:
        """Run the command."""
        with ending_by_status(), _stopping_signals():
            result = super().invoke(ctx)
            out = ctx.meta.get("out")
            (out.flush if out else sys.stdout.flush)()
            return result


@contextlib.contextmanager
def ending_by_status() -> Iterator[None]:
    """Turn errors inside into a message and an exit status."""
    try:
        yield
    except (click.ClickException, click.exceptions.Exit):
        raise
    except click.Abort:
        click.get_current_context().exit(Status.INTERRUPTED)
    except KeyboardInterrupt:
        click.get_current_context().exit(Status.INTERRUPTED)
    except BrokenPipeError:
        # Python would complain of what is left in the buffer when it ends.
        with contextlib.suppress(OSError, ValueError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        click.get_current_context().exit(Status.BROKEN_PIPE)
    except ModuleNotFoundError as error:
        fail(str(error), Status.USAGE)
    # Whatever is wrong is said in a line: libraries raise errors of many classes.
    except Exception as error:
        if os.environ.get(f"{PREFIX}TRACEBACK"):
            raise
        fail(explained(error), status_of(error))


def explained(error: Exception) -> str:
    """Return an error's text, after its class where it is not one that users are to understand."""
    from airflow_provider_adls.model.errors import ADLSGen1Error, ConnectionFieldError

    session = click.get_current_context().meta.get("session")
    if isinstance(error, ConnectionFieldError) and session:
        advice = session.how_to_set(error.field)
        return f"{str(error).rstrip('.')}. {advice}" if advice else str(error)

    text = str(error)
    if isinstance(error, OSError) and error.strerror and error.filename and text.startswith("[Errno"):
        text = f"{error.filename}: {error.strerror}"
    if not text or not isinstance(error, (ADLSGen1Error, OSError, ValueError)):
        text = f"{type(error).__name__}: {text}"
    return text


def complain(text: str) -> None:
    """Print an error, without secrets and without what steers a terminal."""
    from airflow_provider_adls.model.redaction import redact

    session = click.get_current_context().meta.get("session")
    text = redact(text, session.secrets if session else ())
    lines = "\n".join(map(printable, text.split("\n")))
    print(f"{PROGRAM}: error: {lines}", file=sys.stderr)


def fail(text: str, status: Status) -> NoReturn:
    """Print an error, and end the command."""
    complain(text)
    click.get_current_context().exit(status)


class Failures:
    """Goes on after a path that fails, and ends the command by the first one's status."""

    def __init__(self) -> None:
        self._first: Status | None = None

    @contextlib.contextmanager
    def noted(self) -> Iterator[None]:
        """Print the error of a path; errors of signing in or of the output are for all, and are raised."""
        from airflow_provider_adls.model.errors import ConnectionFieldError, SignInError

        try:
            yield
        except (BrokenPipeError, ConnectionFieldError, SignInError):
            raise
        except (OSError, ValueError) as error:
            if out := click.get_current_context().meta.get("out"):
                out.flush()
            complain(explained(error))
            self._first = self._first or status_of(error)

    def end(self) -> None:
        """End the command if a path failed."""
        if self._first is not None:
            click.get_current_context().exit(self._first)


def command(name: str, *, examples: str = "", **settings: Any) -> Callable[[Callable[..., Any]], LakeCommand]:
    """Declare a command; the first line of its docstring is its short help."""

    def declare(function: Callable[..., Any]) -> LakeCommand:
        return click.command(name, cls=LakeCommand, examples=examples, **settings)(function)

    return declare


def signing_in(function: F) -> F:
    """Give a command the options of signing in, and a `session` in their place."""
    return _with_session(function, _SIGN_IN)


def signing_in_for_accounts(function: F) -> F:
    """Give a command the same, and the options that name a subscription and a resource group."""
    return _with_session(function, _SIGN_IN | _ACCOUNTS)


def _with_session(function: F, options: dict[str, str]) -> F:
    @functools.wraps(function)
    def wrapped(*args: Any, conn_id: str | None, account: str | None, **kwargs: Any) -> Any:
        given = {name: kwargs.pop(name) for name in options}
        session = Session(conn_id, account, given)
        click.get_current_context().meta["session"] = session
        return function(*args, session=session, **kwargs)

    decorated: Any = wrapped
    for name, text in reversed(options.items()):
        variable = f"{PREFIX}{name.upper()}"
        option = f"--{name.replace('_', '-')}"
        decorated = click.option(option, metavar="VALUE", help=f"{text} [{variable}]")(decorated)
    decorated = click.option(
        "--account",
        metavar="NAME",
        help=f"Account for paths that name none, as /raw does. [{PREFIX}ACCOUNT_NAME]",
    )(decorated)
    decorated = click.option(
        "--conn-id", metavar="ID", help=f"Connection of Airflow's to sign in by. [{CONN_ID}]"
    )(decorated)
    return cast("F", decorated)


def printing(function: F) -> F:
    """Give a command `--json`, and an `out` in its place."""

    @functools.wraps(function)
    def wrapped(*args: Any, as_json: bool, **kwargs: Any) -> Any:
        ctx = click.get_current_context()
        out = ctx.meta["out"] = Output(as_json=as_json)
        # What a library prints must not come between what a script reads.
        with contextlib.redirect_stdout(sys.stderr):
            return ctx.invoke(function, *args, out=out, **kwargs)

    option = click.option("--json", "as_json", is_flag=True, help="Print a JSON object on each line.")
    return cast("F", option(wrapped))


def path_arguments(*, required: bool = True) -> Callable[[F], F]:
    """Give a command the argument PATH..., completed from the lake."""
    return click.argument("paths", nargs=-1, required=required, metavar="PATH...", shell_complete=_in_lake)


def path_argument(name: str = "path", **settings: Any) -> Callable[[F], F]:
    """Give a command one argument that is a path of a lake."""
    return click.argument(name, shell_complete=_in_lake, **settings)


def _in_lake(ctx: click.Context, _: click.Parameter, incomplete: str) -> list[CompletionItem]:
    options = {name: ctx.params.get(name) for name in OPTIONS}
    return complete_path(
        lambda: Session(ctx.params.get("conn_id"), ctx.params.get("account"), options), incomplete
    )


@contextlib.contextmanager
def _stopping_signals() -> Iterator[None]:
    """End a command in good order at a hang-up or a termination too, as at Ctrl-C."""
    numbers = {signal.SIGHUP: Status.HUNG_UP, signal.SIGTERM: Status.TERMINATED}

    def stop(number: int, _: FrameType | None) -> NoReturn:
        raise SystemExit(int(numbers[signal.Signals(number)]))

    try:
        before = {number: signal.signal(number, stop) for number in numbers}
    except ValueError:
        # Not the main thread: signals are another's business.
        before = {}
    try:
        yield
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
