"""`DistributedMixin`: one transfer as the work of many tasks, which share files in a lake."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any, TypeVar

from airflow_provider_adls.hooks.lineage import unrecorded
from airflow_provider_adls.hooks.running import run
from airflow_provider_adls.hooks.transfers import TransfersMixin
from airflow_provider_adls.lake.keep import parse_keep
from airflow_provider_adls.lake.reliability import Reliability
from airflow_provider_adls.model.errors import PathError
from airflow_provider_adls.model.times import Period, Times, moment, span

if TYPE_CHECKING:
    from airflow_provider_adls.lake.places import Place
    from airflow_provider_adls.transfer.runs import DagRun
    from airflow_provider_adls.transfer.specification import Specification
    from airflow_provider_adls.transfer.state import TransferState
    from airflow_provider_adls.transfer.stores import End

T = TypeVar("T")


class DistributedMixin(TransfersMixin):
    """The hook's methods for a transfer of many tasks.

    Each takes `state_path`, a directory of the hook's lake, and `transfer_id`, which names the transfer's
    directory below it. All that the tasks know of each other is in files there.
    """

    settings: Any

    def begin_transfer(self, state_path: str, transfer_id: str, **options: Any) -> int:
        """Begin a transfer, or go on with it, and return how many tasks list it.

        :param options: of `transfer.specification.Specification`, with those of `model.times.Times` as people
            write them: ``older_than`` counts from the moment at which the transfer begins.
        :raises FileNotFoundError: if the source is missing.
        :raises NotADirectoryError: if it is a file, or a file is where the destination or the state is to be.
        :raises ValueError: if the id is that of a transfer with other options.
        """
        from airflow_provider_adls.transfer.keep import tree_attributes
        from airflow_provider_adls.transfer.manifest import plan_parts, require_directory
        from airflow_provider_adls.transfer.specification import (
            Specification,
            read_specification,
            refuse_file,
            refuse_overlap,
        )

        specification = Specification(
            **options | {"keep": parse_keep(options.get("keep"))} | _written_times(options)
        )
        # Raises for a wrong one before anything is done.
        Reliability.of(specification.verify)
        state = self._state(state_path, transfer_id)
        source, target = self._ends(specification)
        tree_attributes(source, target, parse_keep(specification.keep))
        own = self._end(state_path, None)._replace(path=state.folder)
        refuse_overlap(source, target, own, delete=specification.delete)

        async def begin() -> int:
            await require_directory(source)
            await refuse_file(target)
            await refuse_file(own)
            await specification.write(state)
            if period := (await read_specification(state)).period:
                self.log.info("Only files count that were modified %s", period)
            return await plan_parts(state, source, specification)

        return self._run(begin())

    def claim_transfer(
        self, state_path: str, transfer_id: str, run: DagRun, is_active: Callable[[DagRun], bool]
    ) -> None:
        """Give a transfer that was begun to a run of a DAG. The run that had it stops at its next step.

        :param is_active: returns whether a run is queued or running.
        :raises TransferInUseError: if another run has it, and is active.
        """
        from airflow_provider_adls.transfer.runs import TransferInUseError, claim

        state = self._state(state_path, transfer_id)
        is_claimed = False
        while not is_claimed:
            former = next(reversed(self.transfer_runs(state_path, transfer_id)), None)
            if former not in (None, run) and is_active(former):
                raise TransferInUseError(
                    f"{former} is at work on the transfer in {state.folder}: nothing was changed. Let it"
                    " end, or mark it as failed, then clear this task and all after it. max_active_runs=1"
                    " keeps a DAG's runs apart; {{ run_id }} in transfer_id gives each run its own transfer"
                )
            is_claimed = self._run(claim(state, run, former))
            if is_claimed and former not in (None, run):
                self.log.info("Going on with the transfer that %s began", former)

    def transfer_runs(self, state_path: str, transfer_id: str) -> list[DagRun]:
        """Return the runs of DAGs that have begun a transfer, in their order; the last one has it."""
        from airflow_provider_adls.transfer.runs import read_runs

        return self._run(read_runs(self._state(state_path, transfer_id)))

    def refuse_other_run(self, state_path: str, transfer_id: str, run: DagRun) -> None:
        """Raise if a run has begun a transfer, and another run has it now.

        :raises TransferInUseError: naming the other run.
        """
        from airflow_provider_adls.transfer.runs import refuse_other

        runs = self.transfer_runs(state_path, transfer_id)
        refuse_other(runs, run, self._state(state_path, transfer_id).folder)

    def list_transfer(self, state_path: str, transfer_id: str, part: int) -> dict[str, int]:
        """List a part of both trees, and write what is to be done.

        :returns: numbers of ``files`` and ``bytes`` to be copied, of files that are ``alike``, that are
            ``extra`` in the destination and are to be deleted, and that the destination has (``target``).
        """
        from airflow_provider_adls.transfer.manifest import list_part

        return self._work(
            state_path,
            transfer_id,
            lambda state, source, target, what: list_part(state, source, target, what, part),
        )

    def pack_transfer(self, state_path: str, transfer_id: str) -> int:
        """Share what is to be copied out to shards, and return their number."""
        from airflow_provider_adls.transfer.shards import pack_shards

        return self._work(
            state_path, transfer_id, lambda state, _source, _target, what: pack_shards(state, what)
        )

    def copy_shard(self, state_path: str, transfer_id: str, shard: int) -> dict[str, int]:
        """Copy what the ledger of a shard does not have yet.

        :returns: numbers of ``files`` and ``bytes`` that were copied by all tries, and of those that
            ``failed``.
        """
        from airflow_provider_adls.transfer.shard_copy import copy_shard

        return self._work(
            state_path,
            transfer_id,
            lambda state, source, target, what: copy_shard(state, source, target, what, shard, self.log.info),
        )

    def verify_shard(self, state_path: str, transfer_id: str, shard: int) -> dict[str, int]:
        """Compare the destination with what a shard was to copy.

        :returns: numbers of ``files`` that are right, and of those that ``failed``.
        """
        from airflow_provider_adls.transfer.shard_verify import verify_shard

        return self._work(
            state_path,
            transfer_id,
            lambda state, source, target, what: verify_shard(state, source, target, what, shard),
        )

    def delete_extraneous(self, state_path: str, transfer_id: str) -> dict[str, int]:
        """Delete what only the destination has, if every shard is verified; return the number ``deleted``."""
        from airflow_provider_adls.transfer.shard_delete import delete_extraneous

        return self._work(
            state_path,
            transfer_id,
            lambda state, source, target, what: delete_extraneous(state, source, target, what, self.log.info),
        )

    def keep_attributes(self, state_path: str, transfer_id: str, part: int) -> dict[str, int]:
        """Give the copies of a part what its files and directories have, as the transfer's ``keep`` says.

        :returns: numbers of attributes that were set, ``kept``, and that could not be kept, ``not_kept``.
        """
        from airflow_provider_adls.transfer.shard_keep import keep_part

        return self._work(
            state_path,
            transfer_id,
            lambda state, source, target, what: keep_part(state, source, target, what, part, self.log.info),
        )

    def report_transfer(self, state_path: str, transfer_id: str) -> dict[str, Any]:
        """Write the report of a transfer, and return it."""
        from airflow_provider_adls.transfer.summary import write_summary

        return self._work(
            state_path, transfer_id, lambda state, _source, _target, what: write_summary(state, what)
        )

    def report_place(self, state_path: str, transfer_id: str) -> Place:
        """Return the place of the report of a transfer, as a page, whether it exists or not."""
        from airflow_provider_adls.transfer.summary import PAGE

        return self.place(state_path)._replace(path=self._state(state_path, transfer_id).path(PAGE))

    def _work(
        self,
        state_path: str,
        transfer_id: str,
        work: Callable[[TransferState, End, End, Specification], Awaitable[T]],
    ) -> T:
        from airflow_provider_adls.transfer.specification import read_specification

        state = self._state(state_path, transfer_id)
        specification = self._run(read_specification(state))
        source, target = self._ends(specification)
        return self._run(work(state, source, target, specification))

    def _run(self, work: Awaitable[T]) -> T:
        """Do the work of a step, which waits for a service that throttles as a transfer of one task does."""
        from airflow_provider_adls.client.retry import patient

        async def working() -> T:
            with patient(lambda line: self.log.info("%s", line)):
                return await work

        # The files of a big tree are too many for lineage: the operators name the trees.
        with unrecorded():
            return run(working())

    def _state(self, state_path: str, transfer_id: str) -> TransferState:
        from airflow_provider_adls.transfer.state import TransferState

        place = self.place(state_path)
        return TransferState.of(place.client, place.path, transfer_id)

    def _ends(self, specification: Specification) -> tuple[End, End]:
        source = self._end(specification.source_path, specification.source_conn_id)
        target = self._end(specification.destination_path, specification.destination_conn_id)
        for end in (source, target):
            if not end.store.is_shared:
                raise PathError(
                    f"{end.shown} is on this machine, and other tasks may run on another one: write a lake or"
                    " an object store, or use ADLSGen1SyncOperator"
                )
        return source, target


def _written_times(options: dict[str, Any]) -> dict[str, Any]:
    """Return the times of a call as the specification, a JSON file, has them.

    :raises ValueError: naming the argument that is wrong.
    """
    Period.of(**{name: options.get(name) for name in Times.__annotations__})
    written: dict[str, Any] = {
        name: moment(options[name]).isoformat()
        for name in ("modified_after", "modified_before")
        if options.get(name) is not None
    }
    if options.get("older_than") is not None:
        written["older_than"] = span(options["older_than"]).total_seconds()
    return written
