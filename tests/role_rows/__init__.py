"""The rows of the role matrix, one file a part of the site."""

from tests.role_rows import account, frame, learning, missions, publishing

ROWS = [*frame.ROWS, *account.ROWS, *missions.ROWS, *learning.ROWS, *publishing.ROWS]
