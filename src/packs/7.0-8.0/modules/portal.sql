-- An acquirer of 8.0 needs a module with the program of its provider; a form of one's own is none.
INSERT INTO uplift.note (stage, topic, subject, outcome, detail)
SELECT 'hop', 'payment', name, 'this way of paying is to be set up anew: its form is kept in schema legacy',
       jsonb_build_object('table', 'portal_payment_acquirer', 'id', id, 'visible', coalesce(visible, false))
  FROM portal_payment_acquirer ORDER BY id;
