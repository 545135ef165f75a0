"""The rows of the role matrix, one file a part of the site."""

from tests.role_rows import (
    account,
    frame,
    funding,
    learning,
    lists,
    missions,
    offline,
    people,
    publishing,
    request,
    review,
    sessions,
    threads,
)

ROWS = [
    *frame.ROWS,
    *account.ROWS,
    *missions.ROWS,
    *funding.ROWS,
    *learning.ROWS,
    *lists.ROWS,
    *offline.ROWS,
    *publishing.ROWS,
    *people.ROWS,
    *request.ROWS,
    *review.ROWS,
    *sessions.ROWS,
    *threads.ROWS,
]
