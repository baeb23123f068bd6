"""Post the certificate, in the channel."""

from typing import Any

import discord

from bot.ui.buttons.path import PostCertificate
from bot.ui.cards.path.certificate import draw_certificate, draw_certificate_post
from bot.ui.edge.handler import Errands
from bot.ui.edge.posting import Posting
from bot.ui.edge.replies import learner_of, show
from bot.usecases.path.certifying import ShowCertificate


class CertificatePosts:
    """Posts certificates, and takes the button away."""

    def __init__(self, use: ShowCertificate, posting: Posting) -> None:
        self._use, self._posting = use, posting

    @property
    def errands(self) -> Errands:
        """What presses do that see to their own answers."""
        return {PostCertificate: self._post}

    async def _post(self, interaction: discord.Interaction[Any], press: PostCertificate) -> None:
        learner = learner_of(interaction)
        certificate = await self._use(learner)
        post = draw_certificate_post(certificate, learner.id)
        await self._posting(interaction, f"certificate:{certificate.ended}", post)
        await show(interaction, draw_certificate(certificate, is_posted=True))
