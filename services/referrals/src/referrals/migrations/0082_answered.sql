-- A referral that was declined stays where it may be seen that the family does not know it yet.
alter table read.open_referrals add column answered_at timestamptz;
create index open_referrals_answerable on read.open_referrals (tenant, received_at, referral_id)
 where state in ('new', 'screened', 'declined');
create index open_referrals_of_family on read.open_referrals (tenant, family_id);
