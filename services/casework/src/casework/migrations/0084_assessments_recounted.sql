-- Days on which an assessment was due before it was counted anew, oldest first.
alter table read.assessments add column earlier date[] not null default '{}';
