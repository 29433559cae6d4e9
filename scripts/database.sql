-- Roles, databases and rights of the portal; run as the superuser, as often as you like.
-- psql variables: suffix ('' or _test); ckan_password and read_password where the roles need passwords.
-- PostGIS lies in a schema of its own: in `public` it breaks CKAN's `datastore set-permissions`.
\if :{?suffix}
\else
  \set suffix ''
\endif
\set ckan_database ckan :suffix
\set datastore_database datastore :suffix
set client_min_messages = warning;

select format('create role %I login', name) from unnest(array['ckan', 'datastore_read']) as name
  where not exists (select from pg_roles where rolname = name) \gexec
\if :{?ckan_password}
  alter role ckan password :'ckan_password';
\endif
\if :{?read_password}
  alter role datastore_read password :'read_password';
\endif
alter role datastore_read set timezone = 'UTC';
alter role datastore_read set statement_timeout = '60s';

select format('create database %I owner ckan encoding ''UTF8''', name)
  from unnest(array[:'ckan_database', :'datastore_database']) as name
  where not exists (select from pg_database where datname = name) \gexec
grant create on database :"datastore_database" to ckan;
alter database :"datastore_database" set search_path = public, postgis;

\connect :datastore_database
set client_min_messages = warning;
create schema if not exists postgis;
create extension if not exists postgis schema postgis;
grant usage on schema postgis to public;
