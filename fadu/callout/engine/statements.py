"""Every statement with which the engine moves calls: one set at a time, guarded by the states a move may start from.

Locks are always taken in the same order (called posts by id, then calls by id), so that receipts, sweeps and marks never wait
for each other in a circle. ``(SELECT count(*) FROM locked) >= 0`` says: first take those locks, all of them; joining with them
instead would compare two sets of which the planner believes that they have one row; for the same reason ``(SELECT … LIMIT 1) IS NULL``
stands where NOT EXISTS could. The guards are asked again by the UPDATE,
on the row as it is under the lock. Each statement writes the events of what it changed.
"""

from __future__ import annotations

from fadu.callout.states import LIVE, OUT, Channel, Event, Post, State, Who, sources

# the guards come from the table of moves, so that the SQL cannot know another machine than the tests
_IN = {event.name: ", ".join(map(str, sources(event))) for event in Event}
_LIVE = ", ".join(str(int(state)) for state in sorted(LIVE))
_OUT = ", ".join(str(int(state)) for state in sorted(OUT))
S = {state.name: int(state) for state in State}
P = {post.name: int(post) for post in Post}


def _still(column: str, *states: str | int) -> str:
    """A guard asked again on a row that was found by its key, which the planner cannot take for a way to find rows."""
    return f"CASE WHEN {column} IN ({', '.join(map(str, states))}) THEN true END"


# whoever writes events holds this while the transaction lasts; closing a callout takes it alone, so that the hash of its events
# covers them all
HOLD = "SELECT pg_advisory_xact_lock_shared(404404)"
# the same for what is found and done again if the machine itself dies within the second: its commit waits for no disk. What was
# claimed, what providers said and what was sent is never committed so
HOLD_LIGHTLY = "SELECT pg_advisory_xact_lock_shared(404404), set_config('synchronous_commit', 'off', true)"
HOLD_ALONE = "SELECT pg_advisory_xact_lock(404404)"

# every statement finds its rows by an index, whatever the planner believes of tables that were empty a minute ago
_UNSURE = ("seqscan", "bitmapscan", "hashjoin", "mergejoin", "material")
STEADY = "; ".join([*(f"SET enable_{way} = off" for way in _UNSURE), "SET random_page_cost = 1.1"])
UNSTEADY = "; ".join(
    f"RESET {name}" for name in [*map("enable_{}".format, _UNSURE), "random_page_cost", "synchronous_commit"]
)

LEAD = """
UPDATE callout_leader SET holder = %(name)s, beat_at = clock_timestamp(),
  term = term + (holder <> %(name)s)::int, state = %(state)s
WHERE id = 1 AND (holder = %(name)s OR beat_at < clock_timestamp() - %(silence)s OR beat_at > clock_timestamp() + %(silence)s)
RETURNING clock_timestamp(), term, set_config('synchronous_commit', 'off', true)
"""
RESIGN = "UPDATE callout_leader SET beat_at = '2000-01-01' WHERE id = 1 AND holder = %(name)s"

# the posts a warning is for, with the highest colour that covers each, its people frozen; nobody who already answered the
# superseded callout at the same colour or a higher one is called again
# (the planner knows nothing of sets just made and would compare every post with every holder)
BY_HASH = "SET LOCAL enable_nestloop = off"
AS_USUAL = "SET LOCAL enable_nestloop = on"
FAN_OUT = f"""
WITH rule AS (
  SELECT * FROM jsonb_to_recordset(%(rules)s) AS r(no int, level text, colour text, kinds jsonb)
), area AS (
  SELECT * FROM unnest(%(codes)s::text[], %(colours)s::text[]) AS a(code, colour)
), covering AS (
  SELECT p.id, max(array_position(ARRAY['蓝', '黄', '橙', '红'], a.colour)) AS rank
  FROM callout_dutypost p JOIN area a ON starts_with(p.division_id, a.code) OR starts_with(a.code, p.division_id)
  WHERE p.valid_from <= %(day)s AND (p.valid_to IS NULL OR p.valid_to >= %(day)s)
  GROUP BY p.id
), held AS (
  SELECT h.post_id, max(d.mail) FILTER (WHERE h.slot = 'A') AS a_mail, max(d.mail) FILTER (WHERE h.slot = 'B') AS b_mail,
    max(d.id) FILTER (WHERE h.slot = 'A') AS a_id, max(d.name) FILTER (WHERE h.slot = 'A') AS a_name,
    max(d.phone) FILTER (WHERE h.slot = 'A') AS a_phone, max(d.id) FILTER (WHERE h.slot = 'B') AS b_id,
    max(d.name) FILTER (WHERE h.slot = 'B') AS b_name, max(d.phone) FILTER (WHERE h.slot = 'B') AS b_phone
  FROM callout_holding h JOIN callout_dutyperson d ON d.id = h.person_id
  WHERE h.starts_on <= %(day)s AND (h.ends_on IS NULL OR h.ends_on >= %(day)s) GROUP BY h.post_id
)
INSERT INTO callout_calledpost (callout_id, post_id, county, level, title, colour, rule, persons, names, phones, mails, rung, state,
  answered_at, answered_who, answered_how, carried)
SELECT %(callout)s, p.id, p.county, p.level, d.local_name || (%(titles)s::jsonb ->> p.kind), r.colour, r.no,
  ARRAY[coalesce(h.a_id, 0), coalesce(h.b_id, 0), coalesce(u.a_id, u.b_id, 0)],
  ARRAY[coalesce(h.a_name, ''), coalesce(h.b_name, ''), coalesce(u.a_name, u.b_name, '')],
  ARRAY[coalesce(h.a_phone, ''), coalesce(h.b_phone, ''), coalesce(u.a_phone, u.b_phone, '')],
  ARRAY[coalesce(h.a_mail, ''), coalesce(h.b_mail, ''), coalesce(CASE WHEN u.a_id IS NULL THEN u.b_mail ELSE u.a_mail END, '')],
  0, CASE WHEN o.id IS NULL THEN {P["WAITING"]} ELSE {P["ANSWERED"]} END,
  o.answered_at, o.answered_who, coalesce(o.answered_how, ''), o.id IS NOT NULL
FROM covering c JOIN callout_dutypost p ON p.id = c.id JOIN org_division d ON d.code = p.division_id
JOIN rule r ON r.level = p.level AND r.colour = (ARRAY['蓝', '黄', '橙', '红'])[c.rank] AND r.kinds ? p.kind
LEFT JOIN held h ON h.post_id = p.id
LEFT JOIN held u ON u.post_id = p.above_id
LEFT JOIN callout_calledpost o ON o.callout_id = %(superseded)s AND o.post_id = p.id AND o.state = {P["ANSWERED"]}
  AND array_position(ARRAY['蓝', '黄', '橙', '红'], o.colour::text) >= c.rank
ORDER BY h.a_id, p.id
"""

# rungs that call nobody by name
_PLACES = ", ".join(str(int(who)) for who in Who if not who.is_person)
_NEXT = f"""
LEFT JOIN LATERAL (
  SELECT g.* FROM callout_calloutrung g
  WHERE g.callout_id = p.callout_id AND g.rule = p.rule AND g.no > p.rung AND (g.who IN ({_PLACES}) OR p.persons[g.who] <> 0)
  ORDER BY g.no LIMIT 1
) g ON true
"""
_INSERT_CALLS = f"""
  INSERT INTO callout_call (callout_id, called_id, rung, who, channel, clear, person_id, phone, seconds, state, not_before,
    queued_at, owner, attempts, repeats, provider, provider_ref, reason)
  SELECT n.callout_id, n.id, n.no, n.who, n.channel, false, nullif(n.persons[n.who], 0),
    CASE WHEN n.channel = {int(Channel.BROADCAST)} THEN (SELECT d.division_id FROM callout_dutypost d WHERE d.id = n.post_id)
      ELSE coalesce(CASE WHEN n.channel = {int(Channel.MAIL)} THEN n.mails[n.who] ELSE n.phones[n.who] END, '') END,
    n.seconds, 0, coalesce(n.not_before, %(now)s), %(now)s, '', 0, 0, n.provider, '', ''
  FROM next n WHERE n.no IS NOT NULL ORDER BY n.id
  ON CONFLICT (called_id, rung) DO NOTHING RETURNING id, callout_id, called_id, who, channel
"""
# the first rung of every post just fanned out; quiet colours wait for the morning
FIRST = f"""
WITH next AS MATERIALIZED (
  SELECT p.id, p.callout_id, p.post_id, p.persons, p.phones, p.mails, g.no, g.who, g.channel, g.seconds, g.provider, q.not_before
  FROM callout_calledpost p {_NEXT}
  LEFT JOIN jsonb_to_recordset(%(rules)s) AS q(no int, not_before timestamptz) ON q.no = p.rule
  WHERE p.callout_id = %(callout)s AND p.state = {P["WAITING"]}
), made AS ({_INSERT_CALLS}), moved AS (
  UPDATE callout_calledpost p SET rung = coalesce(n.no, p.rung),
    state = CASE WHEN n.no IS NULL THEN {P["UNREACHED"]} ELSE p.state END
  FROM next n WHERE p.id = n.id
)
INSERT INTO callout_callevent (callout_id, called_id, call_id, what, at, detail)
SELECT callout_id, called_id, id, 'queued', %(now)s, '' FROM made
UNION ALL SELECT callout_id, id, NULL, 'unreached', %(now)s, '没有责任人' FROM next WHERE no IS NULL
"""
# on to the next rung for waiting posts that have no live call left
CLIMB = f"""
WITH next AS MATERIALIZED (
  SELECT p.id, p.callout_id, p.post_id, p.persons, p.phones, p.mails, g.no, g.who, g.channel, g.seconds, g.provider,
    NULL::timestamptz AS not_before
  FROM (
    SELECT * FROM callout_calledpost WHERE id = ANY(%(ids)s) AND {_still("state", P["WAITING"])} ORDER BY id FOR UPDATE
  ) p {_NEXT}
  WHERE EXISTS (SELECT FROM callout_callout o WHERE o.id = p.callout_id AND o.state = 'open')
    AND (SELECT c.id FROM callout_call c WHERE c.called_id = p.id AND {_still("c.state", _LIVE)} LIMIT 1) IS NULL
), made AS ({_INSERT_CALLS}), moved AS (
  UPDATE callout_calledpost p SET rung = coalesce(n.no, p.rung),
    state = CASE WHEN n.no IS NULL THEN {P["UNREACHED"]} ELSE p.state END
  FROM next n WHERE p.id = n.id AND {_still("p.state", P["WAITING"])}
), said AS (
  INSERT INTO callout_callevent (callout_id, called_id, call_id, what, at, detail)
  SELECT callout_id, called_id, id, 'queued', %(now)s, '' FROM made
  UNION ALL SELECT callout_id, id, NULL, 'unreached', %(now)s, '' FROM next WHERE no IS NULL
)
SELECT count(*) FROM next
"""

CLAIM = f"""
WITH taken AS MATERIALIZED (
  SELECT id FROM callout_call WHERE state = {S["QUEUED"]} AND provider = %(provider)s AND not_before <= %(now)s
  ORDER BY rung DESC, id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), claimed AS (
  UPDATE callout_call c SET state = {S["CLAIMED"]}, owner = %(owner)s, lease_until = %(lease)s, attempts = c.attempts + 1
  FROM taken t WHERE c.id = t.id AND {_still("c.state", _IN["CLAIM"])}
  RETURNING c.id, c.callout_id, c.called_id, c.person_id, c.phone, c.who, c.channel, c.clear, c.attempts
)
SELECT c.*, p.title FROM claimed c JOIN callout_calledpost p ON p.id = c.called_id ORDER BY c.id
"""

# the lines of a channel that are taken: a call holds one until something is heard of it, or for as long as a call may last
LINES = f"""
SELECT (SELECT count(*) FROM callout_call WHERE state = {S["CLAIMED"]} AND provider = %(provider)s AND sent_with IS NULL)
  + (SELECT count(*) FROM callout_call WHERE state = {S["UNCERTAIN"]} AND provider = %(provider)s AND sent_with IS NULL)
  + (SELECT count(*) FROM callout_call WHERE state = {S["SENT"]} AND provider = %(provider)s AND sent_with IS NULL
    AND due_at > %(now)s - %(hold)s AND sent_at > %(now)s - %(hold)s)
  + (SELECT count(*) FROM callout_call WHERE state = {S["SENT"]} AND provider = %(provider)s AND sent_with IS NULL
    AND due_at IS NULL AND sent_at > %(now)s - %(hold)s)
"""

# what the provider answered; `event` is accept, retry, reject or lose
MARK = f"""
WITH told AS (
  SELECT * FROM unnest(%(ids)s::bigint[], %(events)s::text[], %(refs)s::text[], %(reasons)s::text[], %(withs)s::bigint[],
    %(ats)s::timestamptz[]) AS t(id, event, ref, reason, sent_with, at)
), marked AS (
  UPDATE callout_call c SET
    state = CASE t.event WHEN 'accept' THEN {S["SENT"]} WHEN 'retry' THEN {S["QUEUED"]} WHEN 'reject' THEN {S["FAILED"]}
      ELSE {S["UNCERTAIN"]} END,
    provider_ref = t.ref, reason = t.reason, lease_until = NULL,
    sent_with = CASE WHEN t.event = 'accept' THEN t.sent_with END,
    repeats = c.repeats + (t.event = 'retry' AND t.reason = %(doubt)s)::int,
    sent_at = CASE WHEN t.event = 'accept' THEN t.at ELSE c.sent_at END,
    due_at = CASE WHEN t.event = 'accept' AND NOT c.clear THEN t.at + c.seconds * interval '1 second' END,
    not_before = CASE WHEN t.event = 'retry' THEN t.at + least(power(2, c.attempts), 30) * %(backoff)s ELSE c.not_before END
  FROM (SELECT * FROM told ORDER BY id OFFSET 0) t
  WHERE c.id = t.id AND {_still("c.state", _IN["ACCEPT"])} AND (t.event <> 'lose' OR c.state IN ({_IN["LOSE"]}))
  RETURNING c.id, c.callout_id, c.called_id, t.event, t.reason, t.at
), said AS (
  INSERT INTO callout_callevent (callout_id, called_id, call_id, what, at, detail)
  SELECT callout_id, called_id, id, event, at, left(reason, 100) FROM marked
)
SELECT DISTINCT called_id FROM marked WHERE event = 'reject'
"""

# receipts, judged by their own time; an answer ends the post, cancels its other calls (also one of which something else is
# read in the same moment: it must not stay live), and counts for every post that went out in the same message: for that it
# waits until its call is no longer with the sender, for only then is it written which posts these are
DRAIN = f"""
WITH taken AS MATERIALIZED (
  SELECT id, call_id, kind, at, how FROM callout_receipt r WHERE applied_at IS NULL AND id > 0
    AND (SELECT state FROM callout_call c WHERE c.id = r.call_id) IS DISTINCT FROM {S["CLAIMED"]}
  ORDER BY id LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), unread AS MATERIALIZED (
  SELECT t.id AS receipt, t.kind, t.at, t.how, c.id AS call_id, c.called_id, c.who
  FROM taken t JOIN callout_call c ON c.id = t.call_id
  JOIN callout_callout o ON o.id = c.callout_id AND o.closed_at IS NULL
  UNION ALL
  SELECT t.id, t.kind, t.at, t.how, c.id, c.called_id, c.who
  FROM taken t
  CROSS JOIN LATERAL (SELECT * FROM callout_call m WHERE m.sent_with = t.call_id AND m.id <> t.call_id OFFSET 0) c
  JOIN callout_callout o ON o.id = c.callout_id AND o.closed_at IS NULL
), locked AS MATERIALIZED (
  SELECT p.id FROM callout_calledpost p WHERE p.id IN (SELECT called_id FROM unread) ORDER BY p.id FOR UPDATE
), best AS MATERIALIZED (
  SELECT DISTINCT ON (u.called_id) u.* FROM unread u
  WHERE u.kind = 'answered' AND (SELECT count(*) FROM locked) >= 0 ORDER BY u.called_id, u.at, u.call_id
), answered AS (
  UPDATE callout_calledpost p SET state = {P["ANSWERED"]}, answered_at = b.at, answered_who = b.who, answered_how = b.how
  FROM best b WHERE p.id = b.called_id AND {_still("p.state", P["WAITING"], P["UNREACHED"])}
), change AS MATERIALIZED (
  SELECT DISTINCT ON (call_id) call_id, event, at, how FROM (
    SELECT call_id, kind AS event, at, how, CASE kind WHEN 'answered' THEN 1 WHEN 'failed' THEN 3 ELSE 4 END AS rank
    FROM unread
    UNION ALL
    SELECT c.id, 'cancelled', b.at, '', 2 FROM best b JOIN callout_call c ON c.called_id = b.called_id
    WHERE {_still("c.state", _IN["CANCEL"])} AND c.id <> b.call_id
  ) x ORDER BY call_id, rank, at
), calls AS MATERIALIZED (
  SELECT c.id FROM callout_call c WHERE c.id IN (SELECT call_id FROM change) ORDER BY c.id FOR UPDATE
), moved AS (
  UPDATE callout_call c SET
    state = CASE h.event WHEN 'answered' THEN {S["ACKED"]} WHEN 'failed' THEN {S["FAILED"]}
      WHEN 'delivered' THEN {S["DELIVERED"]} ELSE {S["CANCELLED"]} END,
    sent_at = CASE WHEN h.event = 'cancelled' THEN c.sent_at ELSE coalesce(c.sent_at, h.at) END,
    due_at = CASE WHEN h.event = 'delivered' AND NOT c.clear
      THEN coalesce(c.due_at, h.at + c.seconds * interval '1 second') END,
    delivered_at = CASE WHEN h.event IN ('delivered', 'answered') THEN coalesce(c.delivered_at, h.at) ELSE c.delivered_at END,
    answered_at = CASE WHEN h.event = 'answered' THEN h.at END,
    lease_until = CASE WHEN h.event = 'delivered' THEN c.lease_until END
  FROM change h
  WHERE c.id = h.call_id AND (SELECT count(*) FROM calls) >= 0 AND CASE h.event WHEN 'answered' THEN {_still("c.state", _IN["ANSWER"])}
    WHEN 'failed' THEN {_still("c.state", _IN["REJECT"])} WHEN 'delivered' THEN {_still("c.state", _IN["DELIVER"])}
    ELSE {_still("c.state", _IN["CANCEL"])} END
  RETURNING c.id, c.callout_id, c.called_id, c.clear, h.event, h.at, h.how
), said AS (
  INSERT INTO callout_callevent (callout_id, called_id, call_id, what, at, detail)
  SELECT callout_id, called_id, id, event, at, how FROM moved
), read AS (
  UPDATE callout_receipt r SET applied_at = %(now)s FROM taken t WHERE r.id = t.id
)
SELECT (SELECT count(*) FROM taken), array(SELECT DISTINCT called_id FROM moved WHERE event = 'failed' AND NOT clear)
"""

# calls whose minutes are over, unless an answer given in time lies unread in the inbox
SWEEP = f"""
WITH due AS MATERIALIZED (
  SELECT c.id, c.called_id FROM callout_call c
  WHERE c.state IN ({_IN["EXPIRE"]}) AND c.due_at < %(now)s - %(grace)s
    AND c.due_at >= coalesce(%(since)s::timestamptz, '-infinity') AND (
    SELECT r.id FROM callout_receipt r WHERE r.applied_at IS NULL AND r.kind = 'answered' AND r.at <= c.due_at
      AND r.call_id IN (c.id, c.sent_with) LIMIT 1
  ) IS NULL ORDER BY c.due_at LIMIT %(limit)s
), locked AS MATERIALIZED (
  SELECT p.id FROM callout_calledpost p WHERE p.id IN (SELECT called_id FROM due) ORDER BY p.id FOR UPDATE
), calls AS MATERIALIZED (
  SELECT c.id FROM callout_call c WHERE c.id IN (SELECT id FROM due) AND (SELECT count(*) FROM locked) >= 0
    AND {_still("c.state", _IN["EXPIRE"])} ORDER BY c.id FOR UPDATE
), expired AS (
  UPDATE callout_call c SET state = {S["EXPIRED"]} FROM calls k WHERE c.id = k.id AND {_still("c.state", _IN["EXPIRE"])}
  RETURNING c.id, c.callout_id, c.called_id
), said AS (
  INSERT INTO callout_callevent (callout_id, called_id, call_id, what, at, detail)
  SELECT callout_id, called_id, id, 'expired', %(now)s, '' FROM expired
)
SELECT called_id FROM expired
"""

# leases that ran out, and at start whatever this engine's own name had claimed before it died
RESCUE = f"""
WITH lost AS MATERIALIZED (
  SELECT id FROM callout_call WHERE state = {S["CLAIMED"]} AND (lease_until < %(now)s OR owner = %(own)s)
  ORDER BY lease_until LIMIT %(limit)s FOR UPDATE SKIP LOCKED
), moved AS (
  UPDATE callout_call c SET state = {S["UNCERTAIN"]}, lease_until = NULL FROM lost l
  WHERE c.id = l.id AND {_still("c.state", _IN["LOSE"])} RETURNING c.id, c.callout_id, c.called_id
), said AS (
  INSERT INTO callout_callevent (callout_id, called_id, call_id, what, at, detail)
  SELECT callout_id, called_id, id, 'lose', %(now)s, '' FROM moved
)
SELECT count(*) FROM moved
"""
UNCERTAIN = f"""
SELECT id, provider, phone FROM callout_call WHERE state = {S["UNCERTAIN"]} ORDER BY id LIMIT %(limit)s
"""

# the next posts that wait for an answer, and whether nothing is under way for them though their callout is open: must be none
AUDIT = f"""
SELECT p.callout_id, p.id, EXISTS (SELECT FROM callout_callout o WHERE o.id = p.callout_id AND o.state = 'open')
  AND (SELECT c.id FROM callout_call c WHERE c.called_id = p.id AND {_still("c.state", _LIVE)} LIMIT 1) IS NULL
FROM callout_calledpost p
WHERE p.state = {P["WAITING"]} AND (p.callout_id, p.id) > (%(callout)s, %(post)s)
ORDER BY p.callout_id, p.id LIMIT %(limit)s
"""

# the end of a callout: nothing more goes out, and what is out is no longer waited for
END = f"""
WITH locked AS MATERIALIZED (
  SELECT id FROM callout_calledpost WHERE callout_id = %(callout)s AND state IN ({P["WAITING"]}, {P["UNREACHED"]})
  ORDER BY id FOR UPDATE
), posts AS (
  UPDATE callout_calledpost p SET state = %(post)s FROM locked l WHERE p.id = l.id AND p.state = {P["WAITING"]}
), calls AS MATERIALIZED (
  SELECT c.id FROM callout_call c JOIN locked l ON l.id = c.called_id WHERE c.state IN ({_IN["CANCEL"]}) ORDER BY c.id FOR UPDATE OF c
), moved AS (
  UPDATE callout_call c SET state = {S["CANCELLED"]}, lease_until = NULL FROM calls k WHERE c.id = k.id AND c.state IN ({_IN["CANCEL"]})
  RETURNING c.id, c.callout_id, c.called_id
)
INSERT INTO callout_callevent (callout_id, called_id, call_id, what, at, detail)
SELECT callout_id, called_id, id, 'cancelled', %(now)s, '' FROM moved
"""
# to everybody who may have been reached, once a person and post
ALL_CLEAR = f"""
WITH made AS (
  INSERT INTO callout_call (callout_id, called_id, rung, who, channel, clear, person_id, phone, seconds, state, not_before,
    queued_at, owner, attempts, repeats, provider, provider_ref, reason)
  SELECT DISTINCT ON (c.called_id, c.who) c.callout_id, c.called_id, 100 + c.who, c.who,
    CASE WHEN c.who = {int(Who.BROADCAST)} THEN {int(Channel.BROADCAST)} ELSE {int(Channel.SMS)} END, true, c.person_id,
    CASE WHEN c.who = {int(Who.BROADCAST)} THEN c.phone ELSE p.phones[c.who] END, 0, 0, %(now)s::timestamptz, %(now)s::timestamptz, '', 0, 0,
    CASE WHEN c.who = {int(Who.BROADCAST)} THEN %(broadcast)s ELSE %(provider)s END, '', ''
  FROM callout_call c JOIN callout_calledpost p ON p.id = c.called_id
  WHERE c.callout_id = %(callout)s AND NOT c.clear AND c.who <> {int(Who.DOOR)}
    AND (c.state IN ({_OUT}) OR (c.state = {S["CANCELLED"]} AND c.attempts > 0))
  ORDER BY c.called_id, c.who
  ON CONFLICT (called_id, rung) DO NOTHING RETURNING id, callout_id, called_id
)
INSERT INTO callout_callevent (callout_id, called_id, call_id, what, at, detail)
SELECT callout_id, called_id, id, 'clear', %(now)s, '' FROM made
"""
# the clock of the database was set forward or back: nobody loses or gains minutes by that
SHIFT = f"""
WITH moved AS (
  UPDATE callout_call SET due_at = due_at + %(by)s, lease_until = lease_until + %(by)s
  WHERE state IN ({_IN["EXPIRE"]}, {S["CLAIMED"]}) RETURNING callout_id
)
INSERT INTO callout_callevent (callout_id, what, at, detail)
SELECT DISTINCT callout_id, 'clock', %(now)s, %(said)s FROM moved
"""
# the counters of the board are rows that only come (the database's triggers write them): the leader joins them before they are many
JOIN_COUNTERS = """
WITH many AS (
  SELECT callout_id FROM callout_stat GROUP BY callout_id HAVING count(*) > %(most)s
), gone AS (
  DELETE FROM callout_stat s USING many m WHERE s.callout_id = m.callout_id RETURNING s.*
)
INSERT INTO callout_stat (callout_id, what, county, level, state, who, carried, climbed, minute, n)
SELECT callout_id, what, county, level, state, who, carried, climbed, minute, sum(n) FROM gone
GROUP BY 1, 2, 3, 4, 5, 6, 7, 8, 9 HAVING sum(n) <> 0
"""
NEXT_DUE = f"SELECT min(due_at) FROM callout_call WHERE state IN ({_IN['EXPIRE']})"
WAITING_UNTIL = f"""
SELECT min(at) FROM (
  SELECT min(due_at) AS at FROM callout_call WHERE state IN ({_IN["EXPIRE"]})
  UNION ALL SELECT min(not_before) FROM callout_call WHERE state = {S["QUEUED"]}
  UNION ALL SELECT min(lease_until) FROM callout_call WHERE state = {S["CLAIMED"]}
) x
"""
RECEIVE = """
INSERT INTO callout_receipt (provider, call_id, kind, how, at, received_at)
SELECT %(provider)s, t.call, t.kind, t.how, t.at, %(now)s
FROM unnest(%(calls)s::bigint[], %(kinds)s::text[], %(hows)s::text[], %(ats)s::timestamptz[]) AS t(call, kind, how, at)
ON CONFLICT (provider, call_id, kind) DO NOTHING
"""
BUSY = f"""
SELECT EXISTS (SELECT FROM callout_callout WHERE state = 'open')
  OR EXISTS (SELECT FROM callout_call WHERE state = {S["QUEUED"]}) OR EXISTS (SELECT FROM callout_call WHERE state = {S["CLAIMED"]})
  OR EXISTS (SELECT FROM callout_call WHERE state = {S["UNCERTAIN"]}) OR EXISTS (SELECT FROM callout_receipt WHERE applied_at IS NULL AND id > 0)
"""
