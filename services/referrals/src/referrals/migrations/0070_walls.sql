-- By which a list that knows no family finds the one that an enquiry or a draft led to.
create index drafts_of_enquiry on read.drafts (tenant, enquiry_id) where enquiry_id is not null;
create index worklist_of_submission on read.worklist (tenant, submission_id);
