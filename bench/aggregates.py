"""The bare SQL behind the heavy pages, written apart from the code that it is compared to."""

#: The cross matrix: themes × types of mission, texts and passages, and the texts of a column.
MATRIX: tuple[str, ...] = (
    """
    SELECT g.code_id, m.type, count(DISTINCT v.text_id), count(DISTINCT e.id)
      FROM capitalisation_coding g
      JOIN capitalisation_excerpt e ON e.id = g.excerpt_id
      JOIN capitalisation_textversion v ON v.id = e.version_id
      JOIN capitalisation_text t ON t.id = v.text_id
      JOIN missions_component m ON m.mission_id = t.mission_id
     WHERE g.status = 'kept' AND t.kind = 'interview' AND t.withdrawn_at IS NULL
     GROUP BY 1, 2
    """,
    """
    SELECT m.type, count(DISTINCT t.id)
      FROM capitalisation_text t
      JOIN missions_component m ON m.mission_id = t.mission_id
     WHERE t.kind = 'interview' AND t.withdrawn_at IS NULL
     GROUP BY 1
    """,
)

#: The month of the committee: requests, delays, stock, departures, returns, interviews, money.
MONTH: tuple[str, ...] = (
    """
    SELECT c.transition, m.reference, c.at - m.submitted_at
      FROM missions_statechange c JOIN missions_mission m ON m.id = c.mission_id
     WHERE c.at >= date_trunc('month', now())
       AND c.transition IN ('submit', 'accept', 'decline', 'close_unfollowed')
    """,
    """
    SELECT state, array_agg(reference) FROM missions_mission
     WHERE state NOT IN ('draft', 'closed') GROUP BY 1
    """,
    """
    SELECT m.reference, array_agg(k.label)
      FROM missions_mission m JOIN missions_milestone k ON k.mission_id = m.id
     WHERE m.departs_on BETWEEN current_date AND current_date + 30
       AND k.required_for = 'depart' AND k.done_on IS NULL AND k.waived_because = ''
     GROUP BY 1
    """,
    """
    SELECT m.reference, m.returns_on, r.submitted_at, r.remote_months
      FROM missions_mission m LEFT JOIN capitalisation_returnreport r ON r.mission_id = m.id
     WHERE m.returns_on BETWEEN current_date - 365 AND current_date
    """,
    """
    SELECT g.moment, g.audience, array_agg(m.reference) FILTER (WHERE i.state = 'done'),
           array_agg(m.reference) FILTER (WHERE i.state <> 'done')
      FROM capitalisation_interview i
      JOIN capitalisation_interviewguide g ON g.id = i.guide_id
      JOIN missions_mission m ON m.id = i.mission_id
     GROUP BY 1, 2
    """,
    """
    SELECT m.reference, d.amount
      FROM missions_decision d JOIN missions_mission m ON m.id = d.mission_id
     WHERE d.outcome = 'accepted' AND d.decided_at >= date_trunc('year', now())
    """,
)
