-- Redirects whose copy is not known to be on the other side yet.
create table read.undelivered_redirects (
    tenant uuid not null,
    redirect_id uuid not null,
    offered_by uuid not null,
    correlation_id uuid not null,
    primary key (tenant, redirect_id)
);
select es.protect('read.undelivered_redirects');

-- Redirects that came to an authority from another.
create table read.incoming_redirects (
    tenant uuid not null,
    redirect_id uuid not null,
    state text not null,
    referral_id uuid not null,
    sent_by text not null,
    ground text not null,
    arrived_at timestamptz not null,
    primary key (tenant, redirect_id)
);
create index incoming_redirects_oldest on read.incoming_redirects (tenant, arrived_at, redirect_id);
select es.protect('read.incoming_redirects');

-- For which recipients a child has consents.
create table read.consents (
    tenant uuid not null,
    child uuid not null,
    recipient text not null,
    primary key (tenant, child, recipient)
);
select es.protect('read.consents');
