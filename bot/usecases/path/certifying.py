"""Show what a finished course says of its learner."""

from dataclasses import dataclass

from bot.domain.errors import NotNow
from bot.domain.learner import Learner
from bot.domain.path.certificate import Certificate, certificate_of
from bot.usecases.path.ports import OpenPathRecords
from curriculum.schema import Course


@dataclass(frozen=True, slots=True)
class ShowCertificate:
    """Say how the course went, once it is finished."""

    course: Course
    open_records: OpenPathRecords

    async def __call__(self, learner: Learner) -> Certificate:
        """Return it.

        Raises:
            NotNow: a lesson isn't done yet.
        """
        async with self.open_records() as records:
            attempts = await records.attempts_of(learner.id)
            redone = await records.redone(learner.id)
            corrected = await records.remembered(learner.id)
            zone = await records.zone(learner.id)
        corrected |= {(one.lesson, one.step) for one in redone if one.is_right}
        found = certificate_of(self.course, attempts, corrected, zone)
        if found is None:
            raise NotNow("The certificate comes when every lesson is done. `/hunch` has the map.")
        return found
