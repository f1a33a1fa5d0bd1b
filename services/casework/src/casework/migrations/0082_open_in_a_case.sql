-- What is open in a case is asked at its closing.
create index concerns_by_case on read.concerns (tenant, case_id) where state <> 'closed';
create index concerns_by_child on read.concerns (tenant, child) where state <> 'closed';
