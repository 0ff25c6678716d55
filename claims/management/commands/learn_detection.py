from argparse import ArgumentTypeError
from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser

from claims.actions.weightings import learn
from claims.detection.figures import Figures
from claims.detection.language import codes
from claims.intake.scoring import DEFAULT_LANGUAGE
from claims.jobs.rescoring import put_in_force, put_shipped_in_force
from claims.models import IntegrityFault, User, Weighting
from claims.workflow import Refused


def _count(text: str) -> int:
    if not text.isdecimal():
        raise ArgumentTypeError("a whole number from 0")
    return int(text)


class Command(BaseCommand):
    help = (
        "Learns from what people decided sentences to be, and says what that would change. "
        "Nothing changes until someone accepts it: with --accept, or on the page /detection/."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--language", choices=codes(), default=DEFAULT_LANGUAGE)
        parser.add_argument(
            "--terms",
            type=_count,
            default=0,
            metavar="N",
            help="Choose N terms anew; without it they stay as they are.",
        )
        parser.add_argument("--list", action="store_true", help="Only list the weights there are.")
        parser.add_argument(
            "--accept", type=_count, metavar="NUMBER", help="Put these weights in force; 0 for those that are shipped."
        )
        parser.add_argument("--by", metavar="USERNAME", help="Who learns, or accepts.")

    def handle(self, *args: Any, **options: Any) -> None:
        try:
            if options["list"]:
                self._list(options["language"])
            elif options["accept"] is not None:
                self._accept(options["language"], options["accept"], _person(options["by"], "--accept needs --by."))
            else:
                by = _person(options["by"], "") if options["by"] else None
                self._learn(options["language"], options["terms"], by)
        except (ValueError, IntegrityFault, Refused) as error:
            raise CommandError(str(error)) from error
        except ValidationError as error:
            raise CommandError(" ".join(error.messages)) from error

    def _learn(self, code: str, terms: int, by: User | None) -> None:
        weighting = learn(code, terms=terms, by=by)
        self.stdout.write("\n".join(report(weighting)))
        self.stdout.write(
            f"\nStored as weights {weighting.number}. Nothing changes until someone accepts them, on the page "
            f"/detection/ or with: learn_detection --language {code} --accept {weighting.number} --by USERNAME"
        )

    def _list(self, code: str) -> None:
        found = list(Weighting.objects.of_language(code).order_by("number").defer("data"))
        shipped = "" if any(one.in_force for one in found) else "  in force"
        self.stdout.write(f"{0:>4}  shipped{shipped}")
        for one in found:
            after = one.figures["after"]
            self.stdout.write(
                f"{one.number:>4}  learnt {one.learnt_at:%Y-%m-%d}, {one.figures['examples']} decisions, "
                f"average precision {after['average_precision']:.3f}, F1 {after['f1']:.3f}"
                f"{'  in force' if one.in_force else ''}"
            )

    def _accept(self, code: str, number: int, by: User) -> None:
        if number == 0:
            job = put_shipped_in_force(code, by=by)
        else:
            weighting = Weighting.objects.of_language(code).filter(number=number).first()
            if weighting is None:
                raise CommandError(f"There are no weights {number} of {code}; see --list.")
            job = put_in_force(weighting, by=by)
        self.stdout.write(f"In force. A worker scores the undecided sentences anew: job {job.pk}.")


def _person(username: str | None, problem: str) -> User:
    if not username:
        raise CommandError(problem)
    person = User.objects.filter(username=username, is_active=True).first()
    if person is None:
        raise CommandError(f"There is nobody called {username}.")
    return person


def report(weighting: Weighting) -> list[str]:
    """What was learnt from, and how the weights before and after do on decisions that were held out."""
    figures = weighting.figures
    held = "documents" if figures["by_document"] else "sentences (there are too few documents)"
    lines = [
        f"{figures['examples']:,} decided sentences of {figures['documents']:,} documents: "
        f"{figures['worthy']:,} claims.",
        f"Measured on held-out {held}:",
        f"{'':20}{'before':>8}{'after':>8}",
    ]
    for name in Figures._fields:
        lines.append(f"{name.replace('_', ' '):20}{figures['before'][name]:>8.3f}{figures['after'][name]:>8.3f}")
    if figures["after"]["average_precision"] <= figures["before"]["average_precision"]:
        lines.append("The new weights rank held-out sentences no better than those in force: there is little to gain.")
    return lines
