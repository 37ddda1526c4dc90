// The page of the customer's screen inside the program.
import { mount } from 'svelte';
import './styles/tokens.css';
import './styles/base.css';
import { Customer } from './customer.svelte';
import { tauriCustomerHost } from './host';
import CustomerScreen from './parts/CustomerScreen.svelte';
import { keepUnit } from './unit';

keepUnit();
mount(CustomerScreen, { target: document.getElementById('app')!, props: { customer: new Customer(tauriCustomerHost) } });
